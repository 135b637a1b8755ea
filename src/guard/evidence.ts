import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import type { SubjectKey } from "../model/ids.ts";
import type { Plan } from "../plan/plan.ts";
import { traceChanges, type Trace } from "./trace.ts";

/** A plan, arranged once for all guards. */
export interface Evidence {
  readonly plan: Plan;
  /** Who can't log in at this instant holds nothing. Seconds since the epoch. */
  readonly nowSeconds: number;
  readonly before: AccessIndex;
  readonly after: AccessIndex;
  /** Users and tokens that lose a privilege somewhere. */
  readonly losers: ReadonlySet<SubjectKey>;
  readonly trace: Trace;
}

export function gatherEvidence(plan: Plan, nowSeconds: number): Evidence {
  const after = indexAccess(plan.after);
  return {
    plan,
    nowSeconds,
    before: plan.before === plan.after ? after : indexAccess(plan.before),
    after,
    losers: losersOf(plan.accessDelta),
    trace: traceChanges(plan),
  };
}

export function losersOf({ shares }: Plan["accessDelta"]): ReadonlySet<SubjectKey> {
  const losing = shares.filter(({ regions }) =>
    [...regions.values()].some(({ here, below }) => here.lost.length + below.lost.length > 0),
  );
  return new Set(losing.flatMap(({ subjects }) => subjects));
}
