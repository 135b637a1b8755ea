import { describe, expect, test } from "@jest/globals";
import { aGroup, aToken, aUser } from "../../support/builders.ts";
import { aPlan, changesOf, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";

const joe = aUser("joe@pve", { enabled: false, expire: 1_800_000_000, comment: "on call", firstName: "Joe" });

describe("what a manifest leaves out is not managed", () => {
  test.each<[string, TerseDesired, TerseLive]>([
    ["a user's fields", { users: { "joe@pve": {} } }, { users: [joe] }],
    ["a user's groups", { users: { "joe@pve": {} } }, { users: [joe], groups: { ops: ["joe@pve"] } }],
    ["a group's comment", { groups: { ops: {} } }, { groups: [aGroup("ops", [], "day shift")] }],
    ["a group's members", { groups: { ops: {} } }, { users: [joe], groups: { ops: ["joe@pve"] } }],
    ["a role's privileges", { roles: { Operator: {} } }, { roles: { Operator: ["VM.Console"] } }],
    [
      "a token's fields",
      { tokens: { "ci@pve!deploy": {} } },
      {
        users: ["ci@pve"],
        tokens: [aToken("ci@pve!deploy", { privilegeSeparation: false, expire: 5, comment: "x" })],
      },
    ],
  ])("%s", (_, desired, live) => {
    expect(aPlan(desired, live).changes).toEqual([]);
  });
});

describe("what a manifest empties is emptied, in one write", () => {
  test.each<[string, TerseDesired, TerseLive, object]>([
    [
      "a comment",
      { users: { "joe@pve": { comment: "" } } },
      { users: [joe] },
      { kind: "update-user", set: { comment: "" } },
    ],
    [
      "the last group of a user",
      { users: { "joe@pve": { groups: [] } } },
      { users: [joe], groups: { ops: ["joe@pve"] } },
      { kind: "update-user", set: {}, groups: [] },
    ],
    [
      "the members of a group",
      { groups: { ops: { members: [] } } },
      { users: [joe], groups: { ops: ["joe@pve"] } },
      { kind: "update-user", set: {}, groups: [] },
    ],
    [
      "the comment of a group",
      { groups: { ops: { comment: "" } } },
      { groups: [aGroup("ops", [], "day shift")] },
      { kind: "update-group", comment: "" },
    ],
    [
      "the privileges of a role",
      { roles: { Operator: [] } },
      { roles: { Operator: ["VM.Console"] } },
      { kind: "update-role", role: { privileges: [] } },
    ],
  ])("%s", (_, desired, live, operation) => {
    expect(aPlan(desired, live).operations).toMatchObject([operation]);
  });
});

describe("fields that guard", () => {
  test("a user that somebody disabled or let expire is corrected", () => {
    const plan = aPlan({ users: { "joe@pve": { enabled: true, expire: 0 } } }, { users: [joe] });
    expect(plan.changes).toMatchObject([
      {
        action: "update",
        fields: [
          { field: "enabled", before: false, after: true },
          { field: "expire", before: 1_800_000_000, after: 0 },
        ],
      },
    ]);
  });

  test("a token whose separation was switched off is separated again", () => {
    const plan = aPlan(
      { tokens: { "ci@pve!deploy": { privilegeSeparation: true } } },
      { users: ["ci@pve"], tokens: [aToken("ci@pve!deploy", { privilegeSeparation: false })] },
    );
    expect(plan.operations).toMatchObject([{ kind: "update-token", set: { privilegeSeparation: true } }]);
  });

  test("a new object has safe values where nothing is said", () => {
    const plan = aPlan({ users: { "joe@pve": {} } });
    expect(plan.after.users.get(joe.id)).toEqual(aUser("joe@pve"));
  });
});

describe("one request carries all that changes of a user", () => {
  const live: TerseLive = { users: [joe], groups: { ops: ["joe@pve"], day: [], night: ["joe@pve"] } };

  test("fields and groups together", () => {
    const plan = aPlan(
      { users: { "joe@pve": { comment: "", enabled: true, groups: ["day", "ops"] } }, groups: { day: {} } },
      live,
    );
    expect(plan.operations).toEqual([
      {
        kind: "update-user",
        id: joe.id,
        set: { enabled: true, comment: "" },
        groups: ["day", "ops"],
        changes: [0],
      },
    ]);
  });

  test("groups that do not change are not sent", () => {
    const plan = aPlan({ users: { "joe@pve": { comment: "x", groups: ["night", "ops"] } } }, live);
    expect(plan.operations).toEqual([
      { kind: "update-user", id: joe.id, set: { comment: "x" }, changes: [0] },
    ]);
  });

  test("a new user joins new groups as it is created", () => {
    const plan = aPlan({
      users: {
        "new@pve": {
          groups: ["ops"],
          password: { origin: { kind: "given", from: { source: "env", name: "P" } }, policy: "initial" },
        },
      },
      groups: { ops: {} },
    });
    expect(changesOf(plan)).toEqual(["create Group ops", "create User new@pve"]);
    expect(plan.operations).toMatchObject([
      { kind: "create-group" },
      { kind: "create-user", groups: ["ops"], password: { from: { source: "env", name: "P" } } },
    ]);
    expect(plan.changes[1]?.fields).toContainEqual({ field: "password", before: null, after: "from env P" });
  });

  test("a user that a group lists from before its creation is enabled when the group has let go of it", () => {
    const plan = aPlan({ users: { "new@pve": { groups: [] } } }, { groups: [aGroup("ops", ["new@pve"])] });
    expect(plan.operations).toMatchObject([
      { kind: "create-user", user: { enabled: false }, groups: [] },
      { kind: "update-user", groups: [] },
      { kind: "update-user", set: { enabled: true } },
    ]);
  });

  test("a user that left-over entries would make an administrator is created disabled", () => {
    const plan = aPlan(
      { prune: { acl: true }, users: { "evil@pve": {} }, acl: [["/vms", "user:evil@pve", ["PVEAuditor"]]] },
      { acl: [["/", "user:evil@pve", "Administrator"]] },
    );
    expect(plan.operations.map(({ kind }) => kind)).toEqual([
      "create-user",
      "grant",
      "revoke",
      "update-user",
    ]);
    expect(plan.findings.filter(({ code }) => code.startsWith("transient"))).toEqual([]);
  });
});
