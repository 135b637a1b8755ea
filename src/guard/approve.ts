// Errors that a person lets pass: for one run by code and number, or by the target's annotation for exactly what the
// finding concerned when it was looked at.

import type { ApprovedFinding } from "../model/target.ts";
import type { Change, Finding } from "../plan/plan.ts";
import { sortedBy } from "../support/compare.ts";
import { digestOf } from "../support/digest.ts";

/** Codes that a person lets pass for one run, with the most that the finding may count. */
export type Approvals = ReadonlyMap<string, number | undefined>;

export interface Approved {
  readonly forThisRun: Approvals;
  readonly byAnnotation: readonly ApprovedFinding[];
}

/** An approved error is a warning that says so; any other gets the digest by which it can be approved. */
export function approveFindings(
  findings: readonly Finding[],
  changes: readonly Change[],
  approved: Approved,
): readonly Finding[] {
  const sums = sumsOf(findings);
  return findings.map((finding) => {
    if (finding.severity !== "error") return finding;
    const digest = digestOfFinding(finding, changes);
    const said = sayOf({ ...finding, digest }, sums.get(finding.code) ?? 0, approved);
    return said.passes
      ? { ...finding, severity: "warning", message: `${finding.message} (${said.note})` }
      : { ...finding, digest, message: said.note ? `${finding.message} (${said.note})` : finding.message };
  });
}

interface Say {
  readonly passes: boolean;
  readonly note?: string;
}

/** A number bounds all findings of the code together: two kinds with six deletes each are twelve. */
function sayOf({ code, digest }: Finding, sum: number, { forThisRun, byAnnotation }: Approved): Say {
  const ofCode = byAnnotation.filter((one) => one.code === code);
  if (ofCode.some((one) => one.digest === digest)) {
    return { passes: true, note: "approved by the target's annotation" };
  }
  if (forThisRun.has(code)) {
    const most = forThisRun.get(code);
    if (most === undefined || sum <= most) return { passes: true, note: "approved" };
    return { passes: false, note: `approved for ${most}, and it is ${sum} in all` };
  }
  if (ofCode.length === 0) return { passes: false };
  return { passes: false, note: "what the target's annotation approves of this code is something else" };
}

function sumsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { severity, code, count } of findings) {
    if (severity === "error") sums.set(code, (sums.get(code) ?? 0) + (count ?? 1));
  }
  return sums;
}

/**
 * Of what a finding is about, and not of how it is worded: the code, the count, whom and what it speaks of, and the
 * changes that it concerns. One that names no change is about the whole plan.
 */
function digestOfFinding(
  { code, count, facts = [], details = [], changes: indices }: Finding,
  changes: readonly Change[],
): string {
  const concerned = indices.length === 0 ? changes : indices.flatMap((index) => changes[index] ?? []);
  const done = sortedBy(concerned, ({ kind, name }) => `${kind} ${name}`).map(
    ({ action, kind, name, fields }) => [
      action,
      kind,
      name,
      fields.map(({ field, before, after }) => [field, before, after]),
    ],
  );
  return digestOf(
    JSON.stringify([code, count ?? null, facts, details.map(({ subjects, says }) => [subjects, says]), done]),
  );
}
