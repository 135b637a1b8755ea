import { describe, expect, test } from "@jest/globals";
import type { TerseDesired, TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const names = ["a@pve", "b@pve", "c@pve"];
const live: TerseLive = {
  users: names,
  groups: { ops: names, day: [] },
  acl: [
    ["/vms", "group:ops", "PVEVMUser"],
    ["/nodes", "user:a@pve", "PVEAuditor"],
    ["/nodes", "user:a@pve", "PVESysAdmin"],
  ],
};
const nothing = { safety: { maxRevocations: { count: 0 } } };

/** Who is counted, and which changes would wait. */
function counted(desired: TerseDesired): readonly unknown[] {
  return foundOf("max-revocations", judge({ ...nothing, ...desired }, live)).map(({ count, about }) => [
    count,
    about,
  ]);
}

describe("what max-revocations does not count", () => {
  test.each<[string, TerseDesired, readonly unknown[]]>([
    [
      "an entry whose validity is over",
      { acl: [["/vms", "group:ops", { outside: ["PVEVMUser"], now: [] }]] },
      [],
    ],
    ["a membership whose validity is over", { memberships: [["ops", "a@pve", "outside"]] }, []],
    ["a membership that is to be absent", { memberships: [["ops", "a@pve", "absent"]] }, []],
    [
      "a role whose validity is over, beside one that begins",
      { acl: [["/vms", "group:ops", { outside: ["PVEVMUser"], now: ["PVEPoolUser"] }]] },
      [],
    ],
    [
      "but what else the same pair loses",
      { acl: [["/nodes", "user:a@pve", { outside: ["PVESysAdmin"], now: ["PVEPoolUser"] }]] },
      [[1, ["ACL /nodes user:a@pve"]]],
    ],
    [
      "but what others lose in the same plan",
      {
        memberships: [["ops", "a@pve", "outside"]],
        users: { "b@pve": { groups: [] } },
      },
      [[1, ["User b@pve"]]],
    ],
    [
      "but what somebody loses by joining, who also leaves",
      {
        memberships: [
          ["ops", "a@pve", "outside"],
          ["day", "a@pve"],
        ],
        acl: [["/nodes", "user:a@pve", ["PVESysAdmin"]]],
      },
      [[1, ["User a@pve", "ACL /nodes user:a@pve"]]],
    ],
  ])("%s", (_, desired, expected) => expect(counted(desired)).toEqual(expected));
});

describe("what has ended is not declared", () => {
  const admin: TerseLive = {
    users: ["a@pve"],
    groups: { admins: ["a@pve"] },
    acl: [["/", "group:admins", "PVEAdmin"]],
  };
  const lockout = { protect: ["user:a@pve"], onFinding: "stop" } as const;

  test("a protected subject that loses by it is an error still", () => {
    const judged = judge({ memberships: [["admins", "a@pve", "outside"]], safety: lockout }, admin);
    expect(foundOf("protected", judged)).toMatchObject([{ severity: "error", about: ["User a@pve"] }]);
  });

  test("nothing is told of it where the plan takes it away", () => {
    const desired: TerseDesired = {
      acl: [["/", "group:admins", ["PVEAdmin"]]],
      memberships: [["admins", "a@pve", "outside"]],
    };
    expect(
      foundOf("undeclared-privilege", judge(desired, admin)).map(({ message }) => message),
    ).not.toContainEqual(expect.stringContaining("a@pve is in group admins"));
  });

  test("it is told where the membership is left alone", () => {
    const desired: TerseDesired = {
      users: { "a@pve": { ensure: "ignored" } },
      acl: [["/", "group:admins", ["PVEUserAdmin"]]],
      memberships: [["admins", "a@pve", "outside"]],
    };
    expect(foundOf("undeclared-privilege", judge(desired, admin))).toMatchObject([
      { message: expect.stringContaining("a@pve is in group admins") },
    ]);
  });
});
