import { accessDelta } from "../access/delta.ts";
import { indexAccess } from "../access/lookup.ts";
import { isUsable } from "../access/usable.ts";
import type { SubjectKey } from "../model/ids.ts";
import type { Safety } from "../model/target.ts";
import type { Finding } from "../plan/plan.ts";
import { allowanceOf, wordBudget } from "./allowance.ts";
import { isAskedFor, withAskedFor } from "./asked-for.ts";
import type { Declared } from "./declared.ts";
import { losersOf, type Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/**
 * `max-revocations`: users and tokens that can log in and lose a privilege somewhere, of all that can. What a manifest
 * asks for with `ensure: absent`, by disabling somebody or by a validity doesn't count.
 */
export function findTooManyRevocations(
  evidence: Evidence,
  declared: Declared,
  { maxRevocations }: Safety,
): readonly Finding[] {
  if (evidence.losers.size === 0) return [];
  const total = countUsable(evidence);
  const most = allowanceOf(maxRevocations, total);
  if (evidence.losers.size <= most) return [];
  const counted = countedLosers(evidence, declared);
  if (counted.length <= most) return [];
  const { changes } = evidence.plan;
  return [
    {
      severity: "error",
      code: "max-revocations",
      message:
        `${counted.length} of the ${total} enabled users and tokens would lose a privilege (${wordNames(counted)}), and ` +
        `safety.maxRevocations (${wordBudget(maxRevocations)}) allows ${most}: ` +
        "look at what they lose",
      changes: evidence.trace(counted).filter((index) => {
        const change = changes[index];
        return change !== undefined && !isAskedFor(change);
      }),
      count: counted.length,
      facts: counted,
    },
  ];
}

function countUsable({ before: { state }, nowSeconds }: Evidence): number {
  return [...state.users.keys(), ...state.tokens.keys()].filter((id) => isUsable(state, id, nowSeconds))
    .length;
}

/** Those that still lose something where all that is asked for has been done already. */
function countedLosers(
  { plan, losers, after, nowSeconds }: Evidence,
  declared: Declared,
): readonly SubjectKey[] {
  const asked = withAskedFor(plan, declared);
  if (asked === plan.before) return [...losers].sort();
  const others = losersOf(accessDelta(indexAccess(asked), after, nowSeconds));
  return [...losers].filter((subject) => others.has(subject)).sort();
}
