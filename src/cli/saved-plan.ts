// Saved plans: what a person approved, held against what would be done now. Operations are never taken from a file.

import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { planDocument, renderJson } from "../render/json.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { errorWords } from "../support/error-code.ts";
import { isRecord } from "../support/is-record.ts";

/** Whole or not at all: a reader never sees half a plan. */
export async function savePlan(file: string, reports: readonly TargetReport[]): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, renderJson(reports), { flag: "wx", mode: 0o644 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Failure(`the plan could not be saved to ${file}: ${errorWords(error)}`, exitStatus.error);
  }
}

/** The parts of a target's plan that must be as they were, each as one text. */
interface Approved {
  readonly changes: ReadonlySet<string>;
  readonly accessDelta: string;
  readonly errors: ReadonlySet<string>;
}

export type SavedPlan = ReadonlyMap<string, Approved>;

export async function readSavedPlan(file: string): Promise<SavedPlan> {
  let saved: unknown;
  try {
    saved = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Failure(`the saved plan ${file} could not be read: ${errorWords(error)}`, exitStatus.error);
  }
  if (!isRecord(saved) || saved["formatVersion"] !== 1 || !Array.isArray(saved["targets"])) {
    throw new Failure(
      `${file} is not a saved plan of this format`,
      exitStatus.error,
      "make one with rolecall plan --out",
    );
  }
  return new Map(
    saved["targets"]
      .filter(isRecord)
      .map((target: Record<string, unknown>) => [String(target["name"]), approvedOf(target)]),
  );
}

/** What differs between the plan that was saved and the one that would be carried out now; empty where nothing does. */
export function differencesFrom(saved: SavedPlan, report: TargetReport): readonly string[] {
  const before = saved.get(report.name);
  if (before === undefined) return [`the saved plan has no target ${report.name}`];
  const [target] = planDocument([report]).targets;
  const now = approvedOf(isRecord(target) ? target : {});
  return [
    ...added("change", before.changes, now.changes),
    ...(before.accessDelta === now.accessDelta ? [] : ["the access delta is another one"]),
    ...added("finding", before.errors, now.errors),
  ];
}

function added(what: string, before: ReadonlySet<string>, now: ReadonlySet<string>): readonly string[] {
  const news = [...now].filter((text) => !before.has(text)).map((text) => `new ${what}: ${text}`);
  const gone = [...before].filter((text) => !now.has(text)).map((text) => `no longer: ${text}`);
  return [...news, ...gone];
}

function approvedOf(target: Readonly<Record<string, unknown>>): Approved {
  const findings = listOf(target["findings"]).filter((finding) => finding["severity"] === "error");
  return {
    changes: new Set(
      listOf(target["changes"]).flatMap((change) => {
        const planned = plannedPart(change);
        return planned === undefined ? [] : [wordChange(planned)];
      }),
    ),
    accessDelta: canonical(target["accessDelta"] ?? []),
    errors: new Set(findings.map(({ code, message }) => `${String(code)}: ${String(message)}`)),
  };
}

/**
 * What only apply can find, a password that does not log in or a secret that is in no sink, is in no saved plan: what
 * it asks for is what the manifests say. Undefined where nothing else is left of a change.
 */
function plannedPart(
  change: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const fields = listOf(change["fields"]);
  const planned = fields.filter(({ foundByApply }) => foundByApply !== true);
  return planned.length === 0 && fields.length > 0 ? undefined : { ...change, fields: planned };
}

/** Where a manifest's line moved, the change is the same. */
function wordChange({ action, kind, name, fields, held }: Readonly<Record<string, unknown>>): string {
  const words = listOf(fields).map(
    ({ field, before, after }) => `${String(field)} ${canonical(before)} → ${canonical(after)}`,
  );
  const detail = words.length === 0 ? "" : ` (${words.join(", ")})`;
  return `${String(action)} ${String(kind)} ${String(name)}${detail}${held === true ? ", held" : ""}`;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(",")}}`;
}
