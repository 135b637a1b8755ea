import { describe, expect, test } from "@jest/globals";
import { aPlan, changesOf, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";

const live: TerseLive = {
  users: ["joe@pve", "ann@pve"],
  groups: { ops: ["ann@pve", "joe@pve"] },
  roles: { Operator: ["VM.Console"] },
  tokens: ["joe@pve!ci"],
  acl: [
    ["/", "user:joe@pve", "PVEAuditor"],
    ["/vms", "token:joe@pve!ci", "Operator"],
    ["/vms", "group:ops", "Operator"],
    ["/vms", "group:ops", "PVEAuditor"],
  ],
};

describe("ensure: absent, whatever prune says", () => {
  test.each<[string, TerseDesired, readonly string[], readonly object[]]>([
    [
      "a user, its tokens, entries and memberships in one write",
      { users: { "joe@pve": { ensure: "absent" } } },
      [
        "delete ACL / user:joe@pve",
        "delete ACL /vms token:joe@pve!ci",
        "delete Token joe@pve!ci",
        "delete User joe@pve",
      ],
      [{ kind: "delete-user", id: "joe@pve", changes: [0, 1, 2, 3] }],
    ],
    [
      "a group, its entries and who was in it",
      { groups: { ops: { ensure: "absent" } } },
      ["update User ann@pve", "update User joe@pve", "delete ACL /vms group:ops", "delete Group ops"],
      [{ kind: "delete-group", id: "ops", changes: [0, 1, 2, 3] }],
    ],
    [
      "a role and what it is granted at",
      { roles: { Operator: { ensure: "absent" } } },
      ["update ACL /vms group:ops", "delete ACL /vms token:joe@pve!ci", "delete Role Operator"],
      [{ kind: "delete-role", id: "Operator", changes: [0, 1, 2] }],
    ],
    [
      "a token and its entries",
      { tokens: { "joe@pve!ci": { ensure: "absent" } } },
      ["delete ACL /vms token:joe@pve!ci", "delete Token joe@pve!ci"],
      [{ kind: "delete-token", id: "joe@pve!ci", changes: [0, 1] }],
    ],
    [
      "all roles of a pair",
      { acl: [["/vms", "group:ops", "absent"]] },
      ["delete ACL /vms group:ops"],
      [{ kind: "revoke", roles: ["Operator", "PVEAuditor"], changes: [0] }],
    ],
    [
      "some roles of a pair",
      { acl: [["/vms", "group:ops", { without: ["Operator", "NoAccess"] }]] },
      ["update ACL /vms group:ops"],
      [{ kind: "revoke", roles: ["Operator"], changes: [0] }],
    ],
    [
      "what is not there anyway",
      {
        users: { "x@pve": { ensure: "absent" } },
        groups: { x: { ensure: "absent" } },
        roles: { X: { ensure: "absent" } },
        tokens: { "ann@pve!xx": { ensure: "absent" } },
        acl: [
          ["/storage", "group:ops", "absent"],
          ["/storage", "user:ann@pve", { without: ["PVEAuditor"] }],
        ],
      },
      [],
      [],
    ],
  ])("%s", (_, desired, changes, operations) => {
    const plan = aPlan(desired, live);
    expect(changesOf(plan)).toEqual(changes);
    expect(plan.operations).toMatchObject(operations);
    expect(plan.operations).toHaveLength(operations.length);
    expect(plan.findings).toEqual([]);
  });

  test("what is asked for and what the server does along with it are told apart", () => {
    const plan = aPlan({ users: { "joe@pve": { ensure: "absent" } } }, live);
    expect(plan.changes.map(({ reason }) => reason)).toEqual(["cascade", "cascade", "cascade", "absent"]);
    expect(plan.changes[3]?.source?.file).toBe("joe@pve.yaml");
  });
});

describe("an ignored object", () => {
  test.each<[string, TerseDesired]>([
    ["user", { users: { "joe@pve": { ensure: "ignored", enabled: false, comment: "x" } } }],
    ["group", { groups: { ops: { ensure: "ignored", comment: "x", members: [] } } }],
    ["role", { roles: { Operator: { ensure: "ignored", privileges: [] } } }],
    ["token", { tokens: { "joe@pve!ci": { ensure: "ignored", comment: "x" } } }],
    ["pair", { acl: [["/vms", "group:ops", "ignored"]] }],
  ])("is left alone, as a %s, and counts as declared", (_, desired) => {
    expect(changesOf(aPlan(desired, live))).toEqual([]);
    const kept = Object.keys(desired)[0] ?? "";
    expect(changesOf(aPlan({ ...desired, prune: { [kept]: true } }, live)).join()).not.toMatch(
      /delete (?:User|Group|Role|Token) (?:joe@pve|ops|Operator|joe@pve!ci)$/u,
    );
  });

  test("is not made either", () => {
    expect(
      changesOf(
        aPlan({
          users: { "x@pve": { ensure: "ignored" } },
          groups: { x: { ensure: "ignored" } },
          roles: { X: { ensure: "ignored" } },
          acl: [["/", "group:x", "ignored"]],
        }),
      ),
    ).toEqual([]);
  });
});
