// Preflight against the server that will decide: for callers and plans at random, a write lacks something exactly where
// the simulator refuses it to the caller.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Trial } from "../../src/access/trial.ts";
import { gatherEvidence } from "../../src/guard/evidence.ts";
import { lacksOf } from "../../src/guard/lacks.ts";
import { findMissingPrivileges } from "../../src/guard/preflight.ts";
import { standingIn } from "../../src/guard/standing.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import type { AuthId } from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { tryWrite } from "../../src/plan/try-write.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { arbitraryWish } from "../support/arbitrary-desired.ts";
import { aPool, aRole, aState, aTokenId, aUserId, type TerseState } from "../support/builders.ts";
import { aDesiredState, aReadOf, planBetween, type TerseDesired } from "../support/desired-builders.ts";
import { standInFor } from "../support/stand-in.ts";

const instant = Date.UTC(2026, 0, 1) / 1000;

/** One privilege or two of each endpoint's rule, so that callers hold some and lack others. */
const powers: NonNullable<TerseState["roles"]> = {
  OutUsers: ["User.Modify"],
  OutAccounts: ["Realm.AllocateUser", "User.Modify"],
  OutGroups: ["Group.Allocate"],
  OutSystem: ["Sys.Modify"],
  OutEntries: ["Permissions.Modify"],
  OutGuests: ["VM.Allocate", "VM.Audit", "VM.Console", "Sys.Audit"],
  OutStores: ["Datastore.Allocate", "VM.Audit"],
  OutPools: ["Pool.Allocate", "VM.Console"],
  OutNothing: [],
};
const places = [
  ...["/", "/access", "/access/groups", "/access/groups/g1", "/access/groups/g2", "/access/groups/crew"],
  ...["/access/realm", "/access/realm/pve", "/vms", "/vms/100", "/storage", "/storage/local", "/pool/p"],
];
const callers = ["rolecall@pve", "rolecall@pve!gitops", "a@pve", "b@pve", "a@pve!tok"];
const holders = [
  ...callers.map((id) => `${id.includes("!") ? "token" : "user"}:${id}`),
  "group:g1",
  "group:g2",
];
const power = fc.tuple(
  fc.constantFrom(...places),
  fc.constantFrom(...holders),
  fc.constantFrom(...Object.keys(powers), "Administrator", "NoAccess"),
  fc.boolean(),
);
const pair: fc.Arbitrary<NonNullable<TerseDesired["acl"]>[number]> = fc.tuple(
  fc.constantFrom("/storage/local", "/pool/p", "/vms/101", "/vms/100", "/access/groups/crew"),
  fc.constantFrom("user:kim@pve", "group:crew"),
  fc.subarray(["OutPools", "OutPools!", "OutNothing", "NoAccess", "OutGuests!"], {
    minLength: 1,
    maxLength: 1,
  }),
);

interface Case {
  readonly plan: Plan;
  readonly caller: AuthId;
}

/** In terse forms, which is what a counterexample shows. */
const arbitrarySituation = fc.record({
  base: arbitraryWish,
  rows: fc.uniqueArray(power, {
    minLength: 1,
    maxLength: 9,
    selector: ([path, who, role]) => `${path} ${who} ${role}`,
  }),
  pairs: fc.uniqueArray(pair, { maxLength: 3, selector: ([path, who]) => `${path} ${who}` }),
  caller: fc.constantFrom(...callers),
  /** What the caller has everywhere, but where a row below says otherwise. */
  broad: fc.subarray(["OutAccounts", "OutGroups", "OutSystem", "OutEntries"]),
  hasPool: fc.boolean(),
});
type Situation = typeof arbitrarySituation extends fc.Arbitrary<infer Value> ? Value : never;

function caseOf(
  { base: { wish, state }, rows, pairs, caller, broad, hasPool }: Situation,
  version: string,
): Case {
  const owner = caller.replace(/!.*/u, "");
  const everywhere = [`user:${owner}`, `token:${caller}`].flatMap((who) =>
    broad.map((role) => ["/", who, role, true] as const),
  );
  const desired: TerseDesired = {
    ...wish,
    scope: { ...wish.scope, roles: { exclude: ["Out*"] }, paths: {} },
    users: { ...wish.users, "kim@pve": { groups: ["crew"] } },
    groups: { ...wish.groups, crew: {} },
    acl: [...(wish.acl ?? []), ...pairs],
  };
  const live = ofRelease(aState(liveWith(state, uniqueRows([...rows, ...everywhere]), hasPool)), version);
  const id = caller.includes("!") ? aTokenId(caller) : aUserId(caller);
  const plan = planBetween(aDesiredState(desired), { ...aReadOf(live), version }, { callers: [id] });
  return { plan, caller: id };
}

type Row = readonly [string, string, string, boolean];

function uniqueRows(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [`${row[0]} ${row[1]} ${row[2]}`, row])).values()];
}

/** With the built-in roles of that release. */
function ofRelease(state: AccessState, version: string): AccessState {
  const builtIn = [...(releaseOf(version)?.builtInRoles ?? [])].map(([id, privileges]) =>
    aRole(id, [...privileges], true),
  );
  const custom = [...state.roles.values()].filter((role) => !role.builtIn);
  return { ...state, roles: new Map([...builtIn, ...custom].map((role) => [role.id, role])) };
}

/** Without the rows of who is not there, which the server would not show. */
function liveWith(state: TerseState, rows: readonly Row[], hasPool: boolean): TerseState {
  const there = aState(state);
  const subjects = new Set([
    ...[...there.users.keys()].map((id) => `user:${id}`),
    ...[...there.tokens.keys()].map((id) => `token:${id}`),
    ...[...there.groups.keys()].map((id) => `group:${id}`),
  ]);
  return {
    ...state,
    roles: { ...state.roles, ...powers },
    acl: [
      ...(state.acl ?? []).filter((row) => !("path" in row) && row[2] !== "Administrator"),
      ...rows.filter(([, who]) => subjects.has(who)),
    ],
    pools: hasPool ? [aPool("p", [100], ["local"])] : [],
  };
}

/** A caller that gets a new secret on the way is the guard own-token's concern. */
function keepsSecret({ plan, caller }: Case): boolean {
  return plan.operations.every((write) => {
    if (write.kind === "create-token") return write.token.id !== caller;
    return write.kind !== "reissue-token" || write.id !== caller;
  });
}

/** Before 8.1 there are no pools in pools, and no entries at them: whoever asks, the path is refused. */
function takesPaths({ plan }: Case, version: string): boolean {
  const isTaken = (path: string): boolean => !version.startsWith("7.") || !/^\/pool\/[^/]+\//u.test(path);
  return plan.operations.every((write) => !("path" in write) || isTaken(write.path));
}

/** Every write in its turn, as the caller: what preflight says lacks, and what the server does. */
function outcomes({ plan, caller }: Case): readonly {
  readonly write: string;
  readonly lacks: readonly string[];
  readonly answer: "done" | "refused";
}[] {
  const trial = new Trial(plan.before, instant);
  const server = standInFor(plan.before, instant, plan.version);
  return plan.operations.map((operation) => {
    const lacks = lacksOf(operation, standingIn(trial, caller, plan));
    const answer = server.send(operation, caller);
    if (answer === "refused") server.send(operation, pve.superuser);
    tryWrite(trial, operation);
    return { write: JSON.stringify(operation), lacks, answer };
  });
}

test.each(["9.2.11", "7.4-16"])(
  "release %s: a write lacks something exactly where the server refuses it",
  (version) => {
    const seen = { refused: 0, done: 0 };
    fc.assert(
      fc.property(arbitrarySituation, (situation) => {
        const one = caseOf(situation, version);
        fc.pre(keepsSecret(one) && takesPaths(one, version));
        const all = outcomes(one);
        for (const { answer } of all) seen[answer] += 1;
        const wrong = all.filter(({ lacks, answer }) => lacks.length > 0 !== (answer === "refused"));
        expect(wrong).toEqual([]);
        const found = findMissingPrivileges(gatherEvidence(one.plan, instant), {
          caller: one.caller,
          superuser: pve.superuser,
          missingPrivilege: "error",
        });
        expect(found.length > 0).toBe(all.some(({ answer }) => answer === "refused"));
      }),
      { numRuns: 300 },
    );
    // A law that only ever meets one side of it says nothing.
    expect(Math.min(seen.refused, seen.done)).toBeGreaterThan(200);
  },
);
