// In: a plan, the target's safety settings, approvals. Out: everything that is to be said of the plan, and whether it
// may go on. Must not know: how it is shown, who asks. Guards never change a plan.

import type { Credentials, Safety } from "../model/target.ts";
import type { Finding, Plan } from "../plan/plan.ts";
import { compareText } from "../support/compare.ts";
import { approveFindings, type Approvals } from "./approve.ts";
import { findOverBudget } from "./budgets.ts";
import { findLoweredCaller } from "./caller-lowered.ts";
import type { Declared } from "./declared.ts";
import { findEscalations } from "./escalation.ts";
import { gatherEvidence, type Evidence } from "./evidence.ts";
import { findOversize } from "./file-size.ts";
import { findLint } from "./lint.ts";
import { findPolicyViolations, type PolicyBench } from "./policy/judge-policies.ts";
import { findMissingPrivileges, type Applying } from "./preflight.ts";
import { findOwnTokens } from "./own-token.ts";
import { findPause } from "./paused.ts";
import { findTouchedProtected } from "./protected.ts";
import { findProgramsOff } from "./programs-off.ts";
import { findLostAdministrators, findOnlyRootLeft } from "./require-admin.ts";
import { findTooManyRevocations } from "./revocations.ts";
import { findUndeclaredPrivileges } from "./undeclared.ts";

export interface Bench extends Applying, Pick<PolicyBench, "policies"> {
  readonly safety: Safety;
  /** What the caller logs in with. */
  readonly credentials: Credentials;
  readonly approvals: Approvals;
  readonly declared: Declared;
  /** What the switch on the target means: `plan` may look while it is pulled. */
  readonly paused: Finding["severity"];
  /** Whether programs that a Target names may be started. */
  readonly allowExec: boolean;
  /** Who can't log in at this instant holds nothing. Seconds since the epoch. */
  readonly nowSeconds: number;
}

/** All findings, errors first: the plan's own and the guards'. */
export function judgePlan(plan: Plan, bench: Bench): readonly Finding[] {
  const evidence = gatherEvidence(plan, bench.nowSeconds);
  const found = [
    ...plan.findings,
    ...findOverBudget(plan, bench.safety),
    ...findTooManyRevocations(evidence, bench.declared, bench.safety),
    ...findOversize(plan),
    ...findOwnTokens(plan, bench.credentials),
    ...findPause(plan, bench.paused),
    ...findProgramsOff(plan, bench),
    ...lockouts(evidence, bench),
    ...findEscalations(evidence, bench.safety),
    ...findUndeclaredPrivileges(evidence, bench.declared, { ...bench.safety, caller: bench.caller }),
    ...findLint(evidence),
    ...findPolicyViolations(evidence, bench),
  ];
  const approved = { forThisRun: bench.approvals, byAnnotation: bench.safety.approved };
  return sortFindings(approveFindings(found, plan.changes, approved));
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
