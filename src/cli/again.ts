// An apply that somebody else's write ended in the middle: the new plan is shown, and asked about.

import type { TargetReport } from "../reconcile/report.ts";

/** How often: who writes all the time is not raced. */
const attempts = 3;

/** Applies, and again where the server was changed meanwhile and there is a person to ask. The last report is the result. */
export async function applyUntilStill(
  applyOnce: () => Promise<TargetReport>,
  mayAsk: () => boolean,
): Promise<TargetReport> {
  let last = await applyOnce();
  for (let attempt = 1; attempt < attempts && isHalfDone(last) && mayAsk(); attempt++) {
    const next = await applyOnce();
    // Where the new plan is declined, what the earlier one left half done is still the result.
    if (next.outcomes === undefined && next.plan?.operations.length !== 0) return last;
    last = next;
  }
  return last;
}

function isHalfDone({ error, outcomes }: TargetReport): boolean {
  return error?.code === "live-state-moved" && outcomes !== undefined;
}
