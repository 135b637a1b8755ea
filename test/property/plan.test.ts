import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AccessState } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import { canonicalState, isSameState } from "../../src/plan/compare.ts";
import type { Operation, Plan } from "../../src/plan/plan.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { arbitraryLive, arbitraryWish } from "../support/arbitrary-desired.ts";
import { adopted } from "../support/adopted.ts";
import { arbitraryPools } from "../support/arbitrary-pools.ts";
import { aState } from "../support/builders.ts";
import { outOfScope } from "../support/chaos/laws.ts";
import { aDesiredState, aReadOf, changesOf, planBetween } from "../support/desired-builders.ts";

const carriedOut = (plan: Plan): AccessState => plan.operations.reduce(applyWrite, plan.before);
const isRefused = (plan: Plan): boolean => plan.findings.some(({ severity }) => severity === "error");

/** A law of every plan between a wish and a state; the terse forms are what a counterexample shows. */
function everyPlan(
  law: (planned: { desired: DesiredState; live: AccessState; plan: Plan; seed: number }) => void,
  numRuns = 200,
): void {
  fc.assert(
    fc.property(arbitraryWish, fc.nat(), ({ wish, state }, seed) => {
      const [desired, live] = [aDesiredState(wish), aState(state)];
      law({ desired, live, seed, plan: planBetween(desired, aReadOf(live)) });
    }),
    { numRuns },
  );
}

/** A state as one text that can be read: without what every server has. */
function told(state: AccessState): string {
  const roles = new Map([...state.roles].filter(([, { builtIn }]) => !builtIn));
  return canonicalState({ ...state, roles });
}

describe("laws of planning", () => {
  test("a state against itself gives an empty plan", () => {
    fc.assert(
      fc.property(arbitraryLive, (terse) => {
        const live = aState(terse);
        const plan = planBetween(adopted(live), aReadOf(live));
        expect(changesOf(plan)).toEqual([]);
        expect(plan.operations).toEqual([]);
      }),
    );
  });

  test("the operations lead exactly to where the plan says", () => {
    everyPlan(({ plan }) => {
      expect(told(carriedOut(plan))).toBe(told(plan.after));
    }, 500);
  });

  test("a plan carried out leaves nothing to plan", () => {
    everyPlan(({ desired, plan }) => {
      fc.pre(!isRefused(plan));
      const again = planBetween(desired, aReadOf(carriedOut(plan)));
      expect(again.changes.filter(({ held }) => !held)).toEqual([]);
      expect(again.operations).toEqual([]);
    }, 500);
  });

  test("both hold where guests and storages move between pools", () => {
    fc.assert(
      fc.property(arbitraryPools, ({ wish, state, version }) => {
        const desired = aDesiredState(wish);
        const plan = planBetween(desired, { ...aReadOf(aState(state)), version });
        expect(told(carriedOut(plan))).toBe(told(plan.after));
        const again = planBetween(desired, { ...aReadOf(carriedOut(plan)), version });
        expect(again.operations).toEqual([]);
        expect(again.changes).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("every write does something, and carries a change", () => {
    everyPlan(({ plan }) => {
      let state = plan.before;
      for (const [index, operation] of plan.operations.entries()) {
        const next = applyWrite(state, operation);
        if (!isOfDelivery(operation, plan.operations[index - 1])) {
          expect([operation.kind, isSameState(state, next)]).toEqual([operation.kind, false]);
        }
        expect(operation.changes.length).toBeGreaterThan(0);
        state = next;
      }
    });
  });

  test("every change that is not held is carried by a write, and no held one is", () => {
    everyPlan(({ plan }) => {
      const carried = new Set(plan.operations.flatMap(({ changes }) => changes));
      expect(plan.changes.map((_, index) => carried.has(index))).toEqual(
        plan.changes.map(({ held }) => !held),
      );
    });
  });

  test("the same holds for a part of a plan, and where something is held", () => {
    everyPlan(({ desired, live, plan, seed }) => {
      const chosen = plan.changes[seed % Math.max(1, plan.changes.length)];
      const only = chosen ? [{ kind: chosen.kind, name: chosen.name }] : [];
      const lacks = seed % 2 === 0 ? ["Sys.Audit"] : [];
      for (const part of [
        planBetween(desired, aReadOf(live), { only }),
        planBetween(desired, aReadOf(live, ["Sys.Audit"])),
        planBetween(desired, aReadOf(live, lacks), { only }),
      ]) {
        expect(told(carriedOut(part))).toBe(told(part.after));
        const carried = new Set(part.operations.flatMap(({ changes }) => changes));
        expect(part.changes.map((_, index) => carried.has(index))).toEqual(
          part.changes.map(({ held }) => !held),
        );
      }
    });
  });

  test("what is out of scope is never touched", () => {
    everyPlan(({ live, plan }) => {
      fc.pre(!isRefused(plan));
      expect(told(outOfScope(carriedOut(plan)))).toBe(told(outOfScope(live)));
    });
  });

  test("the order of manifests and of the server's lists is irrelevant", () => {
    everyPlan(({ desired, live, plan, seed }) => {
      const shuffled = planBetween(shuffledDesired(desired, seed), aReadOf(shuffledState(live, seed)));
      expect(shown(shuffled)).toBe(shown(plan));
    }, 300);
  });
});

/** A new secret changes nothing that the state shows, nor does the write that confirms it. */
function isOfDelivery(operation: Operation, previous: Operation | undefined): boolean {
  if (operation.kind === "reissue-token") return true;
  return operation.kind === "update-token" && /^(?:create|reissue)-token$/u.test(previous?.kind ?? "");
}

function shown({ before, after, ...rest }: Plan): string {
  return JSON.stringify([rest, canonicalState(before), canonicalState(after)]);
}

function shuffledDesired(desired: DesiredState, seed: number): DesiredState {
  return {
    ...desired,
    users: shuffledMap(desired.users, seed),
    groups: shuffledMap(desired.groups, seed),
    roles: shuffledMap(desired.roles, seed),
    tokens: shuffledMap(desired.tokens, seed),
    pools: shuffledMap(desired.pools, seed),
    memberships: shuffled(desired.memberships, seed),
    acl: shuffled(desired.acl, seed).map((pair) => ({
      ...pair,
      grants: shuffled(pair.grants, seed),
      outside: shuffled(pair.outside, seed),
    })),
  };
}

function shuffledState(state: AccessState, seed: number): AccessState {
  return {
    ...state,
    users: shuffledMap(state.users, seed),
    groups: shuffledMap(state.groups, seed),
    roles: shuffledMap(state.roles, seed),
    tokens: shuffledMap(state.tokens, seed),
    pools: shuffledMap(state.pools, seed),
    acl: shuffled(state.acl, seed),
  };
}

function shuffledMap<K, V>(map: ReadonlyMap<K, V>, seed: number): ReadonlyMap<K, V> {
  return new Map(shuffled([...map], seed));
}

/** An order that only the seed decides. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const keyed = values.map((value, index) => ({
    value,
    key: Math.imul(index + 1, 2_654_435_761 ^ seed) >>> 0,
  }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
