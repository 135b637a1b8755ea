// In: reports. Out: the status that scripts rely on (DESIGN 10). Must not know: how anything is shown.

import type { TargetReport } from "../reconcile/report.ts";

export const exitStatus = {
  ok: 0,
  /** Wrong input, unreachable server, any other error. */
  error: 1,
  /** `plan --detailed-exitcode`: changes are pending. */
  pending: 2,
  /** `audit verify`: the log is not what was written. */
  broken: 2,
  /** A guard, a saved plan that differs, something held, or the answer no. */
  refused: 3,
  /** Something was written and not everything converged. */
  unconverged: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** The first that holds of all targets, in the order of DESIGN 10. */
export function statusOf(reports: readonly TargetReport[]): ExitStatus {
  const holds = (question: (report: TargetReport) => boolean): boolean => reports.some(question);
  // Of all targets together: what was written on one, and did not come to an end on another, is not to be read as "nothing".
  if (holds(hasWritten) && !reports.every(isConverged)) return exitStatus.unconverged;
  if (
    holds((report) => report.status === "invalid" || report.status === "unreachable" || hasFailed(report))
  ) {
    return exitStatus.error;
  }
  if (holds((report) => report.status === "refused" || isHeld(report))) return exitStatus.refused;
  return exitStatus.ok;
}

export function hasPending(reports: readonly TargetReport[]): boolean {
  return reports.some(({ plan }) => (plan?.changes ?? []).some(({ held }) => !held));
}

function hasWritten({ outcomes }: TargetReport): boolean {
  // An unconfirmed one may be there.
  return (outcomes ?? []).some(
    ({ status, written }) => status === "applied" || status === "unconfirmed" || written === true,
  );
}

function isConverged({ outcomes, error, plan, status }: TargetReport): boolean {
  if (error !== undefined || status !== "ok") return false;
  return (outcomes ?? []).every(
    ({ status, change }) => status === "applied" || plan?.changes[change]?.held === true,
  );
}

/** What is held was not to be attempted. */
function hasFailed({ outcomes, plan }: TargetReport): boolean {
  return (outcomes ?? []).some(
    ({ status, change }) =>
      status === "failed" || (status === "not-attempted" && plan?.changes[change]?.held !== true),
  );
}

function isHeld({ plan }: TargetReport): boolean {
  return (plan?.changes ?? []).some(({ held }) => held);
}
