import type { ManifestOf } from "../manifest/manifest.ts";
import { subjectKey, type Subject, type SubjectKey } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import type { Budget, ObjectKind, PruneMode, Safety, Scope } from "../model/target.ts";
import type { GlobSet } from "../support/glob.ts";
import { unparsed, type Parsed } from "../support/parsed.ts";
import { quoted } from "../support/printable.ts";
import { parseDurationMs } from "./duration.ts";
import { readApprovals } from "./read-approvals.ts";
import { readIds, refuse, type Reading } from "./reading.ts";

type TargetSpec = ManifestOf<"Target">["document"]["spec"];

/** By kind: what is left out is not pruned, so that a new kind never deletes by itself. */
export function pruneFrom(prune: TargetSpec["prune"]): Readonly<Record<ObjectKind, PruneMode>> {
  const all = typeof prune === "boolean" ? prune : false;
  const byKind: Readonly<Partial<Record<ObjectKind, PruneMode>>> = typeof prune === "boolean" ? {} : prune;
  return {
    users: byKind.users ?? all,
    groups: byKind.groups ?? all,
    roles: byKind.roles ?? all,
    acl: byKind.acl ?? all,
    tokens: byKind.tokens ?? all,
    pools: byKind.pools ?? all,
    realms: byKind.realms ?? all,
  };
}

export function readScope(reading: Reading, scope: NonNullable<TargetSpec["scope"]>): Scope {
  const { users, groups, roles, tokens, pools, realms, acl, directories } = scope;
  refuseBlindGlobs(reading, "/spec/scope/acl/paths", acl?.paths, /^[/*]/u);
  refuseBlindGlobs(reading, "/spec/scope/acl/subjects", acl?.subjects, /^(?:user:|group:|token:|\*)/u);
  return {
    users: globsFrom(users),
    groups: globsFrom(groups),
    roles: globsFrom(roles),
    tokens: globsFrom(tokens),
    pools: globsFrom(pools),
    realms: globsFrom(realms),
    acl: { paths: globsFrom(acl?.paths), subjects: globsFrom(acl?.subjects) },
    directories: readIds(reading, "/spec/scope/directories", directories ?? [], reading.product.parseRealmId),
  };
}

function globsFrom(globs: Partial<GlobSet> | undefined): GlobSet {
  return { include: globs?.include ?? ["**"], exclude: globs?.exclude ?? [] };
}

/** A glob that can take nothing is a slip: excluded things would silently be in scope. */
function refuseBlindGlobs(
  reading: Reading,
  pointer: string,
  globs: Partial<GlobSet> | undefined,
  beginning: RegExp,
): void {
  for (const list of ["include", "exclude"] as const) {
    for (const [index, glob] of (globs?.[list] ?? []).entries()) {
      if (beginning.test(glob)) continue;
      const message = `${quoted(glob)} takes nothing`;
      const hint = pointer.endsWith("paths")
        ? "paths begin with /"
        : "subjects begin with user:, group: or token:";
      refuse(reading, `${pointer}/${list}/${index}`, { code: "invalid-value", message, hint });
    }
  }
}

export function readSafety(
  reading: Reading<ManifestOf<"Target">>,
  safety: NonNullable<TargetSpec["safety"]>,
): Safety {
  return {
    maxDeletes: readBudget(reading, "/spec/safety/maxDeletes", safety.maxDeletes),
    maxRevocations: readBudget(reading, "/spec/safety/maxRevocations", safety.maxRevocations),
    allowEmpty: safety.allowEmpty ?? [],
    protect: readSubjects(reading, "/spec/safety/protect", safety.protect ?? []),
    requireAdmin: readSubjects(reading, "/spec/safety/requireAdmin", safety.requireAdmin ?? []),
    holdEscalations: safety.holdEscalations ?? false,
    onFinding: safety.onFinding ?? "stop",
    maxPauseMs: readDurationMs(reading, "/spec/safety/maxPause", safety.maxPause ?? "4h"),
    approved: readApprovals(reading),
  };
}

export function readDurationMs(reading: Reading, pointer: string, text: string): number {
  const duration = parseDurationMs(text);
  if (duration.ok) return duration.value;
  refuse(reading, pointer, { code: "invalid-value", message: `${quoted(text)} ${duration.problem}` });
  return 0;
}

function readBudget(reading: Reading, pointer: string, budget: string | number = "10%"): Budget {
  if (typeof budget === "number") return { count: budget };
  const percent = /^\d{1,3}(?:\.\d+)?%$/u.test(budget) ? Number(budget.slice(0, -1)) : Number.NaN;
  if (percent <= 100) return { percent };
  const message = `${quoted(budget)} is not a share from 0% to 100%`;
  refuse(reading, pointer, { code: "invalid-value", message, hint: "a whole number, or a share as 10%" });
  return { count: 0 };
}

function readSubjects(reading: Reading, pointer: string, texts: readonly string[]): SubjectKey[] {
  return texts.flatMap((text, index) => {
    const subject = parseSubject(reading.product, text);
    if (subject.ok) return [subjectKey(subject.value)];
    const hint = "write user:joe@pve, group:operators or token:ci@pve!deploy";
    const message = `${quoted(text)} ${subject.problem}`;
    refuse(reading, `${pointer}/${index}`, { code: "invalid-name", message, hint });
    return [];
  });
}

export function parseSubject(product: Product, text: string): Parsed<Subject> {
  const [, kind, id = ""] = /^(user|group|token):(.*)$/u.exec(text) ?? [];
  if (kind === "user") return subjectOf(product.parseUserId(id), (value) => ({ kind, id: value }));
  if (kind === "group") return subjectOf(product.parseGroupId(id), (value) => ({ kind, id: value }));
  if (kind === "token") return subjectOf(product.parseTokenId(id), (value) => ({ kind, id: value }));
  return unparsed("is not a subject");
}

function subjectOf<Id>(id: Parsed<Id>, make: (id: Id) => Subject): Parsed<Subject> {
  return id.ok ? { ok: true, value: make(id.value) } : id;
}
