// In: a plan, the target's safety settings, approvals. Out: everything that is to be said of the plan, and whether it
// may go on. Must not know: how it is shown, who asks. Guards never change a plan.

import type { AuthId, UserId } from "../model/ids.ts";
import type { Safety } from "../model/target.ts";
import type { Finding, Plan } from "../plan/plan.ts";
import { compareText } from "../support/compare.ts";
import { findOverBudget } from "./budgets.ts";
import { findOversize } from "./file-size.ts";
import { findMissingPrivileges } from "./preflight.ts";
import { findOwnTokens } from "./own-token.ts";
import { findTouchedProtected } from "./protected.ts";

/** Codes that a person lets pass for one run, with the most that the finding may count. */
export type Approvals = ReadonlyMap<string, number | undefined>;

export interface Bench {
  readonly safety: Safety;
  readonly approvals: Approvals;
  /** The identity that applies, and the one that needs no privilege. */
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** What a privilege that the caller lacks means: `plan` may be looked at by another identity than the one that applies. */
  readonly missingPrivilege: Finding["severity"];
}

/** All findings, errors first: the plan's own and the guards'. An approved error is a warning that says so. */
export function judgePlan(plan: Plan, bench: Bench): readonly Finding[] {
  const { safety, approvals, caller, superuser, missingPrivilege } = bench;
  const findings = [
    ...plan.findings,
    ...findOverBudget(plan, safety),
    ...findTouchedProtected(plan, safety),
    ...findOversize(plan),
    ...findMissingPrivileges(plan, { caller, superuser, severity: missingPrivilege }),
    ...findOwnTokens(plan),
  ];
  const sums = sumsOf(findings);
  return findings
    .map((finding) => approve(finding, approvals, sums))
    .sort(
      (a, b) =>
        compareText(a.severity, b.severity) ||
        compareText(a.code, b.code) ||
        compareText(a.message, b.message),
    );
}

export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}

/** A number bounds all findings of the code together: two kinds with six deletes each are twelve. */
function approve(finding: Finding, approvals: Approvals, sums: ReadonlyMap<string, number>): Finding {
  if (finding.severity !== "error" || !approvals.has(finding.code)) return finding;
  const most = approvals.get(finding.code);
  const sum = sums.get(finding.code) ?? 0;
  if (most !== undefined && sum > most) {
    return { ...finding, message: `${finding.message} (approved for ${most}, and it is ${sum} in all)` };
  }
  return { ...finding, severity: "warning", message: `${finding.message} (approved)` };
}

function sumsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { severity, code, count } of findings) {
    if (severity === "error") sums.set(code, (sums.get(code) ?? 0) + (count ?? 1));
  }
  return sums;
}
