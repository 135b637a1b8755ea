// In: a plan, the target's safety settings, approvals. Out: everything that is to be said of the plan, and whether it
// may go on. Must not know: how it is shown, who asks. Guards never change a plan.

import type { Safety } from "../model/target.ts";
import type { Finding, Plan } from "../plan/plan.ts";
import { compareText } from "../support/compare.ts";
import { findOverBudget } from "./budgets.ts";
import { findLoweredCaller } from "./caller-lowered.ts";
import type { Declared } from "./declared.ts";
import { findEscalations } from "./escalation.ts";
import { gatherEvidence, type Evidence } from "./evidence.ts";
import { findOversize } from "./file-size.ts";
import { findLint } from "./lint.ts";
import { findMissingPrivileges, type Applying } from "./preflight.ts";
import { findOwnTokens } from "./own-token.ts";
import { findPause } from "./paused.ts";
import { findTouchedProtected } from "./protected.ts";
import { findLostAdministrators, findOnlyRootLeft } from "./require-admin.ts";
import { findTooManyRevocations } from "./revocations.ts";
import { findUndeclaredPrivileges } from "./undeclared.ts";

/** Codes that a person lets pass for one run, with the most that the finding may count. */
export type Approvals = ReadonlyMap<string, number | undefined>;

export interface Bench extends Applying {
  readonly safety: Safety;
  readonly approvals: Approvals;
  readonly declared: Declared;
  /** What the switch on the target means: `plan` may look while it is pulled. */
  readonly paused: Finding["severity"];
  /** Who can't log in at this instant holds nothing. Seconds since the epoch. */
  readonly nowSeconds: number;
}

/** All findings, errors first: the plan's own and the guards'. An approved error is a warning that says so. */
export function judgePlan(plan: Plan, bench: Bench): readonly Finding[] {
  const evidence = gatherEvidence(plan, bench.nowSeconds);
  const found = [
    ...plan.findings,
    ...findOverBudget(plan, bench.safety),
    ...findTooManyRevocations(evidence, bench.safety),
    ...findOversize(plan),
    ...findOwnTokens(plan),
    ...findPause(plan, bench.paused),
    ...lockouts(evidence, bench),
    ...findEscalations(evidence, bench.safety),
    ...findUndeclaredPrivileges(evidence, bench.declared, { ...bench.safety, caller: bench.caller }),
    ...findLint(evidence),
  ];
  const sums = sumsOf(found);
  return sortFindings(found.map((finding) => approve(finding, bench.approvals, sums)));
}

/** Whoever deletes or disables the caller lowers it, too: said once. */
function lockouts(evidence: Evidence, bench: Bench): readonly Finding[] {
  const { safety, caller, superuser } = bench;
  const touched = findTouchedProtected(evidence, safety);
  const isEnded = touched.some(({ code }) => code === "caller-lockout");
  return [
    ...touched,
    ...findMissingPrivileges(evidence, bench),
    ...(isEnded ? [] : findLoweredCaller(evidence, caller)),
    ...findLostAdministrators(evidence, safety),
    ...findOnlyRootLeft(evidence, superuser),
  ];
}

/** Errors first, then by code and text: the order of findings is part of the plan's text. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.severity, b.severity) || compareText(a.code, b.code) || compareText(a.message, b.message),
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
