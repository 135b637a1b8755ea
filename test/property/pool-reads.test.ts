import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PrivilegeChange } from "../../src/access/cause.ts";
import type { AccessState, Pool } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import { poolsToRead } from "../../src/plan/pool-reads.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { arbitraryWish } from "../support/arbitrary-desired.ts";
import { arbitraryPools } from "../support/arbitrary-pools.ts";
import { aState } from "../support/builders.ts";
import { aDesiredState, aReadOf, overTime, planBetween } from "../support/desired-builders.ts";

const withoutMembers = ({ id, comment }: Pool): Pool => ({ id, comment });

/** The state as it is read: with the members of those pools alone that the rule asks for. */
function asRead(state: AccessState, desired: DesiredState): AccessState {
  const listed = {
    ...state,
    pools: new Map([...state.pools].map(([id, pool]) => [id, withoutMembers(pool)])),
  };
  const asked = poolsToRead(listed, overTime(desired));
  return {
    ...state,
    pools: new Map([...state.pools].map(([id, pool]) => [id, asked.has(id) ? pool : withoutMembers(pool)])),
  };
}

/**
 * Everything that a plan says; of the delta who gains and loses what where. Its list names members, too, that are as what
 * is above them, and its reasons a second way to what somebody holds anyway.
 */
function told({ changes, operations, findings, unmanaged, accessDelta }: Plan): string {
  const only = ({ gained, lost }: PrivilegeChange): unknown => [gained, lost];
  const delta = accessDelta.shares.map(({ subjects, regions }) => [
    subjects,
    [...regions.values()].map((one) => [one.path, only(one.here), only(one.below)]),
  ]);
  return JSON.stringify([changes, operations, findings, unmanaged, delta]);
}

const arbitraryEntries = fc.oneof(
  arbitraryWish,
  // Pools that no manifest speaks of, with entries that do.
  arbitraryPools.map(({ wish: { groups = {}, acl = [] }, state }) => ({ wish: { groups, acl }, state })),
);

test("a plan is the same whether all members of pools are read, or those alone that the rule asks for", () => {
  let spared = 0;
  fc.assert(
    fc.property(arbitraryEntries, ({ wish, state: terse }) => {
      const [desired, state] = [aDesiredState(wish), aState(terse)];
      const read = asRead(state, desired);
      spared += [...read.pools.values()].filter(({ members }) => members === undefined).length;
      expect(told(planBetween(desired, aReadOf(read)))).toBe(told(planBetween(desired, aReadOf(state))));
    }),
    { numRuns: 300 },
  );
  expect(spared).toBeGreaterThan(0);
});
