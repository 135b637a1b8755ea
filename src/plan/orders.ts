// In: writes in a first order. Out: the best of the orders that start from it and from a few others: the fewest faults,
// then the fewest writes. Must not know: what makes a write clean.

import { orderSteps, type Ordered, type Step } from "./order.ts";
import type { Operation } from "./plan.ts";
import type { Proof } from "./proof.ts";

/** Above this many writes one order has to do: each costs as much as the first. */
const mostSteps = 60;
const shuffles = 8;

/**
 * Where the first order took no more writes than were asked for, none is better. Where it did, it may have gone into a
 * dead end (its writes were split, or a helper stood) that another order goes around.
 */
export function bestOrder(steps: readonly Step[], proof: Proof): Ordered {
  let best = orderSteps(steps, proof);
  if (steps.length > mostSteps) return best;
  for (const others of otherOrders(steps)) {
    if (best.violations.length === 0 && best.operations.length <= steps.flat().length) break;
    const ordered = orderSteps(others, proof);
    if (isBetter(ordered, best)) best = ordered;
  }
  return best;
}

function isBetter(one: Ordered, other: Ordered): boolean {
  const [first, second] = [costOf(one), costOf(other)];
  const at = first.findIndex((cost, index) => cost !== second[index]);
  return at >= 0 && (first[at] ?? 0) < (second[at] ?? 0);
}

/** An excess outweighs any number of gaps, and a gap any number of writes. */
function costOf({ violations, operations }: Ordered): readonly number[] {
  const excesses = violations.filter(({ violation }) => violation.kind === "excess").length;
  return [excesses, violations.length - excesses, operations.length];
}

function otherOrders(steps: readonly Step[]): readonly (readonly Step[])[] {
  const of = (kinds: readonly Operation["kind"][]): readonly Step[] =>
    steps.filter(([first]) => first && kinds.includes(first.kind));
  const taking = of(["revoke", "delete-user", "delete-group", "delete-role", "delete-token"]);
  const rest = steps.filter((step) => !taking.includes(step));
  return [
    [...taking, ...rest],
    [...of(["grant"]), ...rest.filter(([first]) => first?.kind !== "grant"), ...taking],
    steps.toReversed(),
    ...Array.from({ length: shuffles }, (_, seed) => shuffled(steps, seed)),
  ];
}

/** An order that only the seed decides: the same input gives the same plan. */
function shuffled(steps: readonly Step[], seed: number): readonly Step[] {
  return steps
    .map((step, index) => ({
      step,
      key: Math.imul(index + 1, 2_654_435_761 ^ Math.imul(seed + 1, 40_503)) >>> 0,
    }))
    .sort((a, b) => a.key - b.key)
    .map(({ step }) => step);
}
