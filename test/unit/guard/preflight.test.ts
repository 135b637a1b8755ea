import { describe, expect, test } from "@jest/globals";
import { gatherEvidence } from "../../../src/guard/evidence.ts";
import { findMissingPrivileges } from "../../../src/guard/preflight.ts";
import type { AuthId } from "../../../src/model/ids.ts";
import { aPool, aToken, aTokenId, aUserId } from "../../support/builders.ts";
import {
  aDelivery,
  aDesiredState,
  aLiveState,
  aPlan,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

const caller = aUserId("rolecall@pve");
const superuser = aUserId("root@pam");

/** What the caller lacks, where it has the given roles. */
function lacks(
  desired: TerseDesired,
  acl: NonNullable<TerseLive["acl"]>,
  live: TerseLive = {},
): readonly string[] {
  const plan = aPlan(desired, {
    ...live,
    users: ["rolecall@pve", "joe@pve", ...(live.users ?? [])],
    roles: {
      Modifier: ["User.Modify"],
      Machines: ["VM.Allocate", "VM.Console"],
      Console: ["VM.Console"],
      Nothing: [],
    },
    acl: [...acl, ...(live.acl ?? [])],
  });
  return findMissingPrivileges(gatherEvidence(plan, 0), { caller, superuser, missingPrivilege: "error" }).map(
    ({ message }) => / lacks (.*), which /u.exec(message)?.[1] ?? message,
  );
}

const livePools: TerseLive = { pools: [aPool("a", [100], ["local"]), aPool("b")] };
const moved: TerseDesired = { pools: { a: { vms: [] }, b: { vms: [100] } } };

/** Path and role of the caller, and what it lacks. */
const pools: readonly (readonly [
  string,
  TerseDesired,
  readonly (readonly [string, string])[],
  readonly string[],
])[] = [
  ["a pool", { pools: { c: {} } }, [], ["Pool.Allocate on /pool/c"]],
  ["which a pool administrator may make", { pools: { c: {} } }, [["/pool", "PVEPoolAdmin"]], []],
  ["a pool's deletion", { pools: { b: { ensure: "absent" } } }, [], ["Pool.Allocate on /pool/b"]],
  [
    "what is in a pool: the object too",
    { pools: { b: { vms: [101], storages: ["local"] } } },
    [["/pool", "PVEPoolAdmin"]],
    ["Permissions.Modify on /vms/101", "Permissions.Modify on /storage/local"],
  ],
  [
    "for which the right to allocate it is enough",
    { pools: { b: { vms: [101], storages: ["local"] } } },
    [
      ["/pool", "PVEPoolAdmin"],
      ["/vms", "Machines"],
      ["/storage", "PVEDatastoreAdmin"],
    ],
    [],
  ],
  [
    "a move: both pools",
    moved,
    [
      ["/pool/b", "PVEPoolAdmin"],
      ["/vms", "Machines"],
    ],
    ["Pool.Allocate on /pool/a"],
  ],
  [
    "a right that only the guest's present pool gives is one",
    moved,
    [
      ["/pool/a", "Machines"],
      ["/pool/b", "PVEPoolAdmin"],
    ],
    ["Pool.Allocate on /pool/a"],
  ],
];

type Row = [string, TerseDesired, NonNullable<TerseLive["acl"]>, TerseLive, readonly string[]];

describe("what the caller lacks is found before the first write", () => {
  const who = "user:rolecall@pve";
  const update: TerseDesired = { users: { "joe@pve": { comment: "x" } } };

  test.each<Row>([
    ["nothing to do needs nothing", {}, [], {}, []],
    [
      "an administrator lacks nothing",
      { ...update, roles: { R: [] } },
      [["/", who, "Administrator"]],
      {},
      [],
    ],
    ["a user administrator may change users", update, [["/access", who, "PVEUserAdmin"]], {}, []],
    ["but no roles", { roles: { R: [] } }, [["/access", who, "PVEUserAdmin"]], {}, ["Sys.Modify on /access"]],
    ["a change of a user", update, [], {}, ["User.Modify on /access/groups"]],
    [
      "an administrator of one group may not change a comment without naming groups",
      update,
      [["/access/groups/ops", who, "Modifier"]],
      { groups: { ops: ["joe@pve"] } },
      ["User.Modify on /access/groups"],
    ],
    ...pools.map(([name, desired, acl, missing]): Row => [
      name,
      desired,
      acl.map(([path, role]) => [path, who, role]),
      livePools,
      missing,
    ]),
    [
      "but may move its members among its groups",
      { users: { "joe@pve": { comment: "x", groups: ["day", "ops"] } } },
      [
        ["/access/groups/ops", who, "Modifier"],
        ["/access/groups/day", who, "Modifier"],
      ],
      { groups: { ops: ["joe@pve"], day: [] } },
      [],
    ],
    [
      "but not out of all groups: the server wants one named",
      { users: { "joe@pve": { groups: [] } } },
      [["/access/groups/ops", who, "Modifier"]],
      { groups: { ops: ["joe@pve"] } },
      ["User.Modify on /access/groups"],
    ],
    [
      "a new user in a group of the caller's",
      { users: { "new@pve": { groups: ["day", "ops"] } } },
      [
        ["/access/groups/ops", who, "Modifier"],
        ["/access/realm/pve", who, "PVEUserAdmin"],
      ],
      { groups: { ops: [], day: [] } },
      ["User.Modify on /access/groups/day"],
    ],
    [
      "who may modify all users may put a new one into any group",
      { users: { "new@pve": { groups: ["ops"] } } },
      [
        ["/access/groups", who, "Modifier", false],
        ["/access/realm/pve", who, "PVEUserAdmin"],
      ],
      { groups: { ops: [] } },
      [],
    ],
    [
      "a new user",
      { users: { "new@pve": {} } },
      [],
      {},
      ["Realm.AllocateUser on /access/realm/pve", "User.Modify on /access/groups"],
    ],
    [
      "a user who goes, though his groups are the caller's",
      { users: { "joe@pve": { ensure: "absent" } } },
      [["/access/groups/ops", who, "Modifier"]],
      { groups: { ops: ["joe@pve"] } },
      ["Realm.AllocateUser on /access/realm/pve"],
    ],
    ["a group", { groups: { ops: {} } }, [], {}, ["Group.Allocate on /access/groups"]],
    [
      "a token of another",
      { tokens: { "joe@pve!ci": { deliveries: [aDelivery()] } } },
      [],
      {},
      ["User.Modify on /access/groups"],
    ],
    ["an entry", { acl: [["/vms", "user:joe@pve", ["PVEAuditor"]]] }, [], {}, ["Permissions.Modify on /vms"]],
    [
      "who may allocate a guest may pass on what he has there",
      { acl: [["/vms/100", "user:joe@pve", ["Console"]]] },
      [["/vms", who, "Machines"]],
      {},
      [],
    ],
    [
      "even a role that gives nothing",
      { acl: [["/vms/100", "user:joe@pve", ["Nothing"]]] },
      [["/vms", who, "Machines"]],
      {},
      [],
    ],
    [
      "but not NoAccess",
      { acl: [["/vms/100", "user:joe@pve", ["NoAccess"]]] },
      [["/vms", who, "Machines"]],
      {},
      ["Permissions.Modify on /vms/100"],
    ],
    [
      "and with propagate only what propagates to him",
      { acl: [["/vms/100", "user:joe@pve", ["Console"]]] },
      [["/vms/100", who, "Machines", false]],
      {},
      ["Permissions.Modify on /vms/100"],
    ],
    [
      "which without propagate he may",
      { acl: [["/vms/100", "user:joe@pve", ["Console!"]]] },
      [["/vms/100", who, "Machines", false]],
      {},
      [],
    ],
    [
      "and no more than that",
      { acl: [["/vms/100", "user:joe@pve", ["PVEAuditor"]]] },
      [["/vms", who, "Machines"]],
      {},
      ["Permissions.Modify on /vms/100"],
    ],
  ])("%s", (_, desired, acl, live, missing) => {
    expect(lacks(desired, acl, live)).toEqual(missing);
  });

  test("a user needs nothing for its own tokens, a token of its owner does", () => {
    const plan = aPlan(
      { tokens: { "rolecall@pve!ci": { comment: "x", deliveries: [aDelivery()] } } },
      { users: ["rolecall@pve"], tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false })] },
    );
    const found = (as: AuthId): readonly string[] =>
      findMissingPrivileges(gatherEvidence(plan, 0), {
        caller: as,
        superuser,
        missingPrivilege: "error",
      }).map(({ code }) => code);
    expect(found(caller)).toEqual([]);
    expect(found(aTokenId("rolecall@pve!gitops"))).toEqual(["missing-privilege"]);
  });

  test("before release 8, who may allocate a guest may hand out anything on it", () => {
    const acl = [["/vms", "user:rolecall@pve", "Machines"]] as const;
    const live = aLiveState({
      users: ["rolecall@pve", "joe@pve"],
      roles: { Machines: ["VM.Allocate"] },
      acl,
    });
    const desired = aDesiredState({ acl: [["/vms/100", "user:joe@pve", ["PVEVMAdmin"]]] });
    const found = ["7.4-16", "8.0.3"].map((version) =>
      findMissingPrivileges(gatherEvidence(planBetween(desired, { ...live, version }), 0), {
        caller,
        superuser,
        missingPrivilege: "error",
      }).map(({ code }) => code),
    );
    expect(found).toEqual([[], ["missing-privilege"]]);
  });

  test("the superuser lacks nothing, a token of his only what it was not given", () => {
    const evidence = gatherEvidence(aPlan({ groups: { ops: {} } }, { tokens: ["root@pam!ci"] }), 0);
    expect(
      findMissingPrivileges(evidence, { caller: superuser, superuser, missingPrivilege: "error" }),
    ).toEqual([]);
    const token = aTokenId("root@pam!ci");
    expect(
      findMissingPrivileges(evidence, { caller: token, superuser, missingPrivilege: "warning" }),
    ).toMatchObject([{ severity: "warning", code: "missing-privilege", changes: [0], count: 1 }]);
  });
});
