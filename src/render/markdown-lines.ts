import type { Boundary } from "../model/validity.ts";
import type { Change, Finding, Plan, Unmanaged } from "../plan/plan.ts";
import type { Rotation } from "../plan/renewal.ts";
import type { Consequence } from "./consequences.ts";
import { accessLines } from "./access.ts";
import { countOf, countPlan } from "./count.ts";
import { markdownCode, shortened } from "./escape.ts";
import { wordDetail } from "./findings.ts";
import { hintFor } from "./hints.ts";
import { unfinished } from "./outcomes.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { wordFields, wordRotation } from "./values.ts";
import {
  concernedBy,
  firstOf,
  marks,
  nameChange,
  reasonWords,
  wordApproval,
  wordBoundary,
  wordPlace,
  wordUnmanaged,
} from "./words.ts";

const partLimit = 10;
const valueLimit = 400;

/** A value as Markdown shows it: as it is, and never long enough to push the others out. */
function code(text: string): string {
  return markdownCode(shortened(text, valueLimit));
}

export function targetRow(report: TargetReport): string {
  const { plan, status } = report;
  const release = plan?.version ?? report.version;
  const name = [code(report.name), report.product, ...(release === undefined ? [] : [code(release)])].join(
    " ",
  );
  const cells = plan === undefined ? Array.from({ length: 6 }, () => "") : planCells(plan);
  return `| ${[name, status === "ok" ? status : `**${status}**`, ...cells].join(" | ")} |`;
}

function planCells(plan: Plan): string[] {
  const counts = countPlan(plan);
  const findings = [
    ...(counts.errors === 0 ? [] : [`**${countOf(counts.errors, "error")}**`]),
    ...(counts.warnings === 0 ? [] : [countOf(counts.warnings, "warning")]),
  ];
  const numbers = [counts.create, counts.update, counts.delete, counts.held, counts.operations];
  return [...numbers.map(String), findings.join(", ")];
}

/** Who gains and who loses what, dangerous gains first. */
export function accessRows(report: TargetReport): string[] {
  if (report.plan === undefined) return [];
  return accessLines(report.plan, "brief").map(({ who, where, gained, lost, because, isDangerous }) => {
    const parts = [
      ...(gained === "" ? [] : [`gains ${code(gained)}`]),
      ...(lost === "" ? [] : [`loses ${code(lost)}`]),
      ...(because === "" ? [] : [`since ${code(because)}`]),
    ];
    return `- ${isDangerous ? "**can grant more:** " : ""}${code(who)} on ${code(where)} ${parts.join(", ")}`;
  });
}

/** Why a target is passed over although nothing is wrong. */
export function noticeLine({ name, notice, basis }: TargetReport): string[] {
  return [notice, basis].flatMap((said) => (said === undefined ? [] : [`- ${code(name)} ${code(said)}`]));
}

/** Why a target is not as it should be: its own error, then the findings of its plan that are errors. */
export function errorLines(report: TargetReport): string[] {
  const { error, plan } = report;
  const own = error === undefined ? [] : [{ code: error.code, message: error.message, hint: error.hint }];
  const hintOf = (hint: string | undefined): string => (hint === undefined ? "" : ` Hint: ${code(hint)}`);
  return [
    ...own.map(
      ({ code: name, message, hint }) =>
        `- ${code(report.name)} **${code(name)}** ${code(message)}${hintOf(hint)}`,
    ),
    ...(plan === undefined
      ? []
      : plan.findings
          .filter(({ severity }) => severity === "error")
          .map((finding) => `- ${code(report.name)} ${wordFinding(finding, plan)}`)),
  ];
}

export function warningLines(plan: Plan): string[] {
  return plan.findings
    .filter(({ severity }) => severity === "warning")
    .map((finding) => `- ${wordFinding(finding, plan)}`);
}

function wordFinding(finding: Finding, plan: Plan): string {
  const concerned = concernedBy(plan, finding.changes);
  const on = concerned.length === 0 ? "" : `, on ${codes(concerned)}`;
  const place = finding.source === undefined ? "" : ` (${code(wordPlace(finding.source))})`;
  const approval = wordApproval(finding, plan);
  const ways =
    approval === undefined
      ? ""
      : `; to let it pass: ${code(approval.option)}, or on the Target ${code(approval.annotation)}`;
  return `**${code(finding.code)}** ${code(finding.message)}${place}${on}${wordDetails(finding)}${ways}`;
}

/** On the same line, so that a list that is cut is cut behind a finding. */
function wordDetails({ details = [] }: Finding): string {
  if (details.length === 0) return "";
  return `: ${codes(details.map((detail) => wordDetail(detail)))}`;
}

function codes(texts: readonly string[]): string {
  const { shown, more } = firstOf(texts, partLimit);
  return `${shown.map(code).join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

/** What did not simply succeed, with the server's words. */
export function outcomeLines(report: TargetReport): string[] {
  const { name, plan, outcomes } = report;
  if (plan === undefined || outcomes === undefined) return [];
  return unfinished(plan, outcomes).map(({ object, words, error }) => {
    const hint = hintFor(error);
    const said = error === "" ? "" : `: ${code(error)}`;
    return `- ${code(name)} ${words}: ${code(object)}${said}${hint === undefined ? "" : ` Hint: ${code(hint)}`}`;
  });
}

export function consequenceLines(
  reports: readonly TargetReport[],
  consequencesOf: (plan: Plan) => readonly Consequence[],
): string[] {
  return reports.flatMap(({ name, plan }) =>
    plan === undefined
      ? []
      : consequencesOf(plan).map(({ object, parts }) => `- ${code(name)} ${code(object)}: ${codes(parts)}`),
  );
}

/** A row of the table of changes. */
export function changeRow(change: Change): string {
  const fields = wordFields(change, "brief").map(({ field, words }) => code(`${field}: ${words}`));
  const why = [
    ...(change.held ? ["**held**"] : []),
    reasonWords[change.reason],
    ...(change.source === undefined ? [] : [code(wordPlace(change.source))]),
  ].filter((word) => word !== "");
  const cells = [
    markdownCode(marks[change.action]),
    code(nameChange(change)),
    fields.join("<br>"),
    why.join(" "),
  ];
  return `| ${cells.join(" | ")} |`;
}

export function rotationLine(rotation: Rotation): string {
  return `- ${code(wordRotation(rotation))}`;
}

export function boundaryLine(boundary: Boundary): string {
  return `- ${code(wordBoundary(boundary))}, ${codes(boundary.objects)} (${code(wordPlace(boundary.source))})`;
}

export function unmanagedLine(unmanaged: Unmanaged): string {
  return `- ${code(nameChange(unmanaged))}: ${wordUnmanaged(unmanaged)}`;
}
