import { describe, expect, test } from "@jest/globals";
import { gatherEvidence } from "../../../src/guard/evidence.ts";
import { findMissingPrivileges } from "../../../src/guard/preflight.ts";
import { aTokenId, aUserId } from "../../support/builders.ts";
import { aDelivery, aPlan, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";

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
    roles: { Modifier: ["User.Modify"], Machines: ["VM.Allocate", "VM.Console"], Console: ["VM.Console"] },
    acl: [...acl, ...(live.acl ?? [])],
  });
  return findMissingPrivileges(gatherEvidence(plan, 0), { caller, superuser, missingPrivilege: "error" }).map(
    ({ message }) => / lacks (.*), which /u.exec(message)?.[1] ?? message,
  );
}

describe("what the caller lacks is found before the first write", () => {
  const who = "user:rolecall@pve";
  const update: TerseDesired = { users: { "joe@pve": { comment: "x" } } };

  test.each<[string, TerseDesired, NonNullable<TerseLive["acl"]>, TerseLive, readonly string[]]>([
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
      "and no more than that",
      { acl: [["/vms/100", "user:joe@pve", ["PVEAuditor"]]] },
      [["/vms", who, "Machines"]],
      {},
      ["Permissions.Modify on /vms/100"],
    ],
  ])("%s", (_, desired, acl, live, missing) => {
    expect(lacks(desired, acl, live)).toEqual(missing);
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
