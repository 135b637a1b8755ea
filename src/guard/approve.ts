// Errors that a person lets pass: for one run by code and number, or by the target's annotation for exactly what the
// finding concerned when it was looked at.

import { isApprovable } from "../model/finding-code.ts";
import type { ApprovedFinding } from "../model/target.ts";
import type { Change, Finding } from "../plan/plan.ts";
import { sortedBy } from "../support/compare.ts";
import { digestOf } from "../support/digest.ts";

/** Codes that a person lets pass for one run, with the most that the finding may count. */
export type Approvals = ReadonlyMap<string, number | undefined>;

/** All that may pass: what is given for this run, `max-deletes=12`, and what the target's annotation has, as it is written there. */
export function wordAllApprovals(
  approvals: Approvals,
  byAnnotation: readonly ApprovedFinding[],
): readonly string[] {
  const given = [...approvals].map(([code, most]) => (most === undefined ? code : `${code}=${most}`));
  return [...given, ...byAnnotation.map(({ code, digest }) => `${code}=${digest}`)];
}

export interface Approved {
  readonly forThisRun: Approvals;
  readonly byAnnotation: readonly ApprovedFinding[];
}

/** An approved error is a warning that says so; any other that can be approved gets the digest by which it can. */
export function approveFindings(
  findings: readonly Finding[],
  changes: readonly Change[],
  { forThisRun, byAnnotation }: Approved,
): readonly Finding[] {
  const annotated = findings.map((finding) => annotate(finding, changes, byAnnotation));
  const sums = sumsOf(annotated);
  return annotated.map((finding) => approveForRun(finding, forThisRun, sums));
}

function annotate(
  finding: Finding,
  changes: readonly Change[],
  byAnnotation: Approved["byAnnotation"],
): Finding {
  if (finding.severity !== "error" || !isApprovable(finding.code)) return finding;
  const digest = digestOfFinding(finding, changes);
  const ofCode = byAnnotation.filter(({ code }) => code === finding.code);
  if (ofCode.some((approved) => approved.digest === digest)) {
    return {
      ...finding,
      severity: "warning",
      message: `${finding.message} (approved by the target's annotation)`,
    };
  }
  if (ofCode.length === 0) return { ...finding, digest };
  const note = "what the target's annotation approves of this code is something else";
  return { ...finding, digest, message: `${finding.message} (${note})` };
}

/** A number bounds all findings of the code that still refuse together: two kinds with six deletes each are twelve. */
function approveForRun(finding: Finding, forThisRun: Approvals, sums: ReadonlyMap<string, number>): Finding {
  const { digest, ...rest } = finding;
  if (digest === undefined || !forThisRun.has(finding.code)) return finding;
  const most = forThisRun.get(finding.code);
  const sum = sums.get(finding.code) ?? 0;
  if (most !== undefined && sum > most) {
    return { ...finding, message: `${finding.message} (approved for ${most}, and it is ${sum} in all)` };
  }
  return { ...rest, severity: "warning", message: `${finding.message} (approved)` };
}

function sumsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { severity, code, count } of findings) {
    if (severity === "error") sums.set(code, (sums.get(code) ?? 0) + (count ?? 1));
  }
  return sums;
}

/**
 * Of what a finding is about: the code, the count, whom and what it speaks of (where it has no facts, its words name
 * that), and the changes that it concerns. One that names no change is about the whole plan.
 */
function digestOfFinding(
  { code, count, message, facts = [message], changes: indices }: Finding,
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
  return digestOf(JSON.stringify([code, count ?? null, facts, done]));
}
