// In: nothing. Out: pools whose guests and storages move about while entries at pools and members change: what a plan
// between them has to order. Must not know: what a law says.

import fc from "fast-check";
import { aPool, aToken, type TerseState } from "./builders.ts";
import type { TerseDesired } from "./desired-builders.ts";

const pools = ["p", "p/s", "q"];
const guests = [100, 101, 102];
const storages = ["local", "data"];
export const pooledPaths: readonly string[] = [
  "/",
  "/vms",
  "/storage",
  ...guests.map((vm) => `/vms/${vm}`),
  ...storages.map((name) => `/storage/${name}`),
  "/pool",
  ...pools.map((id) => `/pool/${id}`),
];
const subjects = ["user:a@pve", "user:b@pve", "group:g1", "group:g2", "token:a@pve!sep", "token:b@pve!full"];
const roles = { R1: ["VM.Audit", "VM.Console"], R2: ["VM.Console", "Sys.Audit"], Empty: [] };
const roleNames = ["R1", "R2", "Empty", "NoAccess", "R1!", "R2!"];

/** Roles by pair, one propagate flag a role. */
const pairs = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom(...pooledPaths),
    fc.constantFrom(...subjects),
    fc.uniqueArray(fc.constantFrom(...roleNames), {
      minLength: 1,
      maxLength: 2,
      selector: (role) => role.replace("!", ""),
    }),
  ),
  { maxLength: 8, selector: ([path, who]) => `${path} ${who}` },
);

/** Which pool each guest is in, if any, and which pools each storage is in. */
const homes = fc.record({
  guests: fc.tuple(...guests.map(() => fc.constantFrom(...pools, undefined))),
  storages: fc.tuple(...storages.map(() => fc.subarray(pools))),
});

type Homes = typeof homes extends fc.Arbitrary<infer T> ? T : never;

function membersOf(pool: string, where: Homes): { readonly vms: number[]; readonly storages: string[] } {
  return {
    vms: guests.filter((_, index) => where.guests[index] === pool),
    storages: storages.filter((_, index) => where.storages[index]?.includes(pool)),
  };
}

const memberships = fc.record({
  g1: fc.subarray(["a@pve", "b@pve"]),
  g2: fc.subarray(["a@pve", "b@pve"]),
});

export interface PoolsAsDeclared {
  readonly wish: TerseDesired;
  readonly state: TerseState;
  /** A release that moves a guest in one write, and one that can't. */
  readonly version: string;
}

export const arbitraryPools: fc.Arbitrary<PoolsAsDeclared> = fc
  .record({
    before: homes,
    after: homes,
    groups: fc.tuple(memberships, memberships),
    live: pairs,
    declared: pairs,
    gone: fc.subarray(["p/s", "q"]),
    // Most of the time what is declared of the entries is what is live, so that pools alone make the difference.
    isSame: fc.boolean(),
    version: fc.constantFrom("9.2.11", "8.0.4"),
  })
  .map(({ before, after, groups: [was, is], live, declared, gone, isSame, version }) => ({
    version,
    state: {
      users: ["a@pve", "b@pve", "rolecall@pve"],
      groups: was,
      roles,
      tokens: ["a@pve!sep", aToken("b@pve!full", { privilegeSeparation: false }), "rolecall@pve!gitops"],
      acl: [
        ["/", "user:rolecall@pve", "Administrator"],
        ...live.flatMap(([path, who, names]) =>
          names.map((role) => [path, who, role.replace("!", ""), !role.endsWith("!")] as const),
        ),
      ],
      pools: pools.map((id) => aPool(id, membersOf(id, before).vms, membersOf(id, before).storages)),
    },
    wish: {
      prune: { acl: true },
      groups: isSame ? {} : { g1: { members: is.g1 }, g2: { members: is.g2 } },
      pools: Object.fromEntries(
        pools.map((id) => [id, gone.includes(id) ? { ensure: "absent" as const } : membersOf(id, after)]),
      ),
      acl: (isSame ? live : declared).filter(([path]) => !gone.some((id) => path === `/pool/${id}`)),
    },
  }));
