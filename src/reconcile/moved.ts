// What is reported where somebody else writes to the server at the same time.

import type { Outcome } from "../apply/outcome.ts";
import type { TargetReport } from "./report.ts";

/** Before the first write. */
export function moved(
  moves: readonly string[],
): Pick<TargetReport, "error"> & { readonly status: "refused" } {
  return {
    status: "refused",
    error: {
      code: "live-state-moved",
      message: `the server was changed by somebody else since the plan was made; nothing was written: ${moves.join("; ")}`,
      hint: "plan again, and apply what it shows",
    },
  };
}

/** Nobody else has changed anything: time alone has made the plan another one. */
export const outdated = {
  status: "refused",
  error: {
    code: "plan-outdated",
    message: "a validity began or ended while the plan was looked at; nothing was written",
    hint: "plan again, and apply what it shows",
  },
} as const;

/** In the middle: the rest of the plan was proved on a state that is no more. */
export function movedMeanwhile(
  report: TargetReport,
  outcomes: readonly Outcome[],
  moves: readonly string[],
): TargetReport {
  if (!outcomes.some(isWritten)) return { ...report, ...moved(moves) };
  return {
    ...report,
    outcomes,
    error: {
      code: "live-state-moved",
      message: `the server was changed by somebody else during the apply, which ended there: ${moves.join("; ")}`,
      hint: "plan again, and apply what it shows",
    },
  };
}

function isWritten({ status, written }: Outcome): boolean {
  return status === "applied" || status === "unconfirmed" || written === true;
}
