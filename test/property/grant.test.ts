// A caller with exactly what grantFor gives: it reads everything and lacks nothing that a plan needs; without any one
// part of it, it does.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePermissions } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { grantFor, type CallerGrant, type GrantPurpose } from "../../src/guard/caller-grant.ts";
import { gatherEvidence } from "../../src/guard/evidence.ts";
import type { LeastEntry } from "../../src/guard/least-entries.ts";
import { findMissingPrivileges } from "../../src/guard/preflight.ts";
import { applyingPurposes, readingPurpose } from "../../src/guard/purposes.ts";
import { standingOf, unmetPurposes } from "../../src/guard/unmet.ts";
import { incompleteLists } from "../../src/live/pve-completeness.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import { pve } from "../../src/model/pve.ts";
import { isTemporary } from "../../src/plan/bridge.ts";
import type { Operation } from "../../src/plan/plan.ts";
import { arbitraryWish } from "../support/arbitrary-desired.ts";
import { aRole, aState, aUserId, anEntry } from "../support/builders.ts";
import { aDesiredState, aReadOf, planBetween, type TerseDesired } from "../support/desired-builders.ts";

const instant = Date.UTC(2026, 0, 1) / 1000;
const caller = aUserId("rolecall@pve");

function grantTo(desired: DesiredState, purpose: GrantPurpose): CallerGrant {
  return grantFor(desired, { purpose, caller, superuser: pve.superuser, callers: [caller] });
}

/** The state, in which the caller has these entries and no others. */
function given(state: AccessState, entries: readonly LeastEntry[]): AccessState {
  const roles = entries.map(({ privilege }) => aRole(`given-${privilege}`, [privilege]));
  const isCallers = ({ subject }: AccessState["acl"][number]): boolean => subject.id === caller;
  return {
    ...state,
    roles: new Map([...state.roles, ...roles.map((role) => [role.id, role] as const)]),
    groups: new Map(
      [...state.groups].map(([id, group]) => [
        id,
        { ...group, members: group.members.filter((user) => user !== caller) },
      ]),
    ),
    acl: [
      ...state.acl.filter((entry) => !isCallers(entry)),
      ...entries.map(({ path, privilege, propagate }) =>
        anEntry(path, `user:${caller}`, `given-${privilege}`, propagate),
      ),
    ],
  };
}

/** Lists that are not whole, and demands that are not met. */
function shortcomings(desired: DesiredState, state: AccessState, purpose: GrantPurpose): readonly string[] {
  const index = indexAccess(state);
  const looking = { caller, index, version: "9.2.11", nowSeconds: instant };
  const purposes =
    purpose === "plan"
      ? [readingPurpose]
      : [readingPurpose, ...applyingPurposes(desired, standingOf(looking))];
  return [
    ...incompleteLists(effectivePermissions(index, caller), state.acl).map(({ list }) => list),
    ...unmetPurposes(purposes, looking).map(({ lack }) => lack),
  ];
}

const isBridge = (write: Operation): boolean =>
  (write.kind === "create-role" && isTemporary(write.role.id)) ||
  (write.kind === "delete-role" && isTemporary(write.id));

const scopes: readonly TerseDesired["scope"][] = [
  {},
  { users: { include: ["*@pve", "*@corp"] }, paths: { include: ["/vms/**", "/storage"] } },
];
const arbitraryTask = fc.record({ base: arbitraryWish, narrow: fc.constantFrom(...scopes) });

function taskOf({
  base: { wish, state },
  narrow,
}: typeof arbitraryTask extends fc.Arbitrary<infer T> ? T : never): {
  readonly desired: DesiredState;
  readonly live: AccessState;
} {
  return {
    desired: aDesiredState({
      ...wish,
      scope: {
        ...wish.scope,
        roles: { exclude: ["Out", "given-*"] },
        users: { ...wish.scope?.users, ...narrow?.users },
        paths: { ...wish.scope?.paths, ...narrow?.paths },
      },
    }),
    live: aState(state),
  };
}

describe("what grantFor gives", () => {
  test("is enough for every plan", () => {
    fc.assert(
      fc.property(arbitraryTask, (task) => {
        const { desired, live } = taskOf(task);
        const { entries } = grantTo(desired, "apply");
        const state = given(live, entries);
        expect(shortcomings(desired, state, "apply")).toEqual([]);
        const plan = planBetween(desired, aReadOf(state), { callers: [caller] });
        // The caller's own manifests may lower it on the way, and a temporary role is not planned for.
        fc.pre(!plan.operations.some(isBridge));
        const missing = findMissingPrivileges(gatherEvidence(plan, instant), {
          caller,
          superuser: pve.superuser,
          missingPrivilege: "error",
        });
        expect(missing).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test.each(["plan", "apply"] as const)(
    "is the least to %s: without any part something is missing",
    (purpose) => {
      fc.assert(
        fc.property(arbitraryTask, (task) => {
          const { desired, live: stocked } = taskOf(task);
          // What happens to be in a pool may be reached over it; that is not known offline.
          const live = { ...stocked, pools: new Map() };
          const { entries } = grantTo(desired, purpose);
          const superfluous = entries.filter((entry) => {
            const state = given(
              live,
              entries.filter((other) => other !== entry),
            );
            return shortcomings(desired, state, purpose).length === 0;
          });
          expect(superfluous).toEqual([]);
          const tooFar = entries
            .filter(({ propagate }) => propagate)
            .filter((entry) => {
              const nearer = entries.map((other) =>
                other === entry ? { ...other, propagate: false } : other,
              );
              return shortcomings(desired, given(live, nearer), purpose).length === 0;
            });
          expect(tooFar).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );
});
