import { describe, expect, test } from "@jest/globals";
import { aUser } from "../../support/builders.ts";
import { findingsOf, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const rescue: TerseLive = {
  users: ["rescue@pve"],
  groups: { admins: ["rescue@pve"], idle: [] },
  acl: [["/", "group:admins", "Administrator"]],
};

describe("require-admin", () => {
  const requireAdmin = ["user:rescue@pve"];
  test.each<[string, TerseDesired, TerseLive, readonly string[] | undefined]>([
    ["an administrator who stays one", {}, rescue, undefined],
    ["one who never was", {}, { users: ["rescue@pve"] }, []],
    ["one who is not there", {}, {}, []],
    ["one who cannot log in", {}, { ...rescue, users: [aUser("rescue@pve", { enabled: false })] }, []],
    [
      "one who becomes it",
      { users: { "rescue@pve": {} }, acl: [["/", "user:rescue@pve", ["Administrator"]]] },
      {},
      undefined,
    ],
    [
      "one without propagate",
      { acl: [["/", "group:admins", ["Administrator!"]]] },
      rescue,
      ["ACL / group:admins"],
    ],
    [
      "one whose group loses the role",
      { acl: [["/", "group:admins", "absent"]] },
      rescue,
      ["ACL / group:admins"],
    ],
    ["one who leaves the group", { users: { "rescue@pve": { groups: [] } } }, rescue, ["User rescue@pve"]],
    [
      "one who gets an entry of his own that hides the group's",
      { acl: [["/", "user:rescue@pve", ["PVEAuditor"]]] },
      rescue,
      ["ACL / user:rescue@pve"],
    ],
  ])("%s", (_, desired, live, about) => {
    const judged = judge({ ...desired, safety: { requireAdmin } }, live);
    expect(foundOf("require-admin", judged)).toMatchObject(about ? [{ severity: "error", about }] : []);
  });

  test.each<[string, string, TerseDesired, boolean]>([
    ["a group with an administrator in it", "group:admins", {}, false],
    ["a group without members", "group:idle", {}, true],
    [
      "a group that its last member leaves",
      "group:admins",
      { users: { "rescue@pve": { groups: [] } } },
      true,
    ],
  ])("%s", (_, name, desired, refused) => {
    const judged = judge({ ...desired, safety: { requireAdmin: [name] } }, rescue);
    expect(foundOf("require-admin", judged)).toHaveLength(refused ? 1 : 0);
  });
});

describe("protected subjects are not lowered", () => {
  test.each<[string, string, TerseDesired, readonly string[]]>([
    [
      "a user who loses a group",
      "user:rescue@pve",
      { users: { "rescue@pve": { groups: [] } } },
      ["User rescue@pve"],
    ],
    [
      "a user whose group loses its entry",
      "user:rescue@pve",
      { acl: [["/", "group:admins", "absent"]] },
      ["ACL / group:admins"],
    ],
    [
      "a group that gives less",
      "group:admins",
      { acl: [["/", "group:admins", ["PVEAuditor"]]] },
      ["ACL / group:admins"],
    ],
    [
      "a group that gives less below",
      "group:admins",
      { acl: [["/vms", "group:admins", ["PVEAuditor"]]] },
      ["ACL /vms group:admins"],
    ],
  ])("%s", (_, name, desired, about) => {
    const judged = judge({ ...desired, safety: { protect: [name] } }, rescue);
    expect(foundOf("protected", judged)).toMatchObject([{ severity: "error", about }]);
  });

  test.each<[string, string, TerseDesired]>([
    ["more is no harm", "user:rescue@pve", { groups: { idle: { members: ["rescue@pve"] } } }],
    [
      "nor is a member who leaves a protected group",
      "group:admins",
      { users: { "rescue@pve": { groups: [] } } },
    ],
  ])("%s", (_, name, desired) => {
    expect(foundOf("protected", judge({ ...desired, safety: { protect: [name] } }, rescue))).toEqual([]);
  });
});

describe("the caller", () => {
  const own = "user:rolecall@pve";

  test("that loses its last entry is told so, with what it can then no longer read", () => {
    const judged = judge({ acl: [["/", own, ["PVEVMUser"]]] });
    const [found] = foundOf("caller-lowered", judged);
    expect(found).toMatchObject({ severity: "warning", about: [`ACL / ${own}`] });
    expect(found?.message).toContain("lacks Sys.Audit on /access and Pool.Audit on /pool");
    expect(foundOf("caller-lockout", judged)).toEqual([]);
  });

  test("that still reads everything is told that", () => {
    const [found] = foundOf("caller-lowered", judge({ acl: [["/", own, ["PVEAuditor"]]] }));
    expect(found?.message).toContain("it still reads everything");
  });

  test("that would be disabled is told once", () => {
    const judged = judge({ users: { "rolecall@pve": { enabled: false } } });
    expect(findingsOf(judged).filter((text) => text.includes("caller"))).toEqual(["error caller-lockout"]);
  });

  test("that could not make the last of its writes", () => {
    // Leaving the group takes what ending its entry needs, and the reverse.
    const judged = judge(
      { users: { "rolecall@pve": { groups: [] } }, acl: [["/access", "group:admins", "absent"]] },
      { groups: { admins: ["rolecall@pve"] }, acl: [["/access", "group:admins", "Administrator"]] },
      { callerRole: "PVEAuditor" },
    );
    expect(foundOf("caller-lockout", judged)).toMatchObject([
      { severity: "error", about: ["User rolecall@pve", "ACL /access group:admins"] },
    ]);
    expect(foundOf("missing-privilege", judged)).toEqual([]);
  });
});

describe("only-root-left", () => {
  test.each<[string, TerseLive, boolean]>([
    ["the last administrator goes", rescue, true],
    [
      "another stays",
      {
        ...rescue,
        users: ["rescue@pve", "anna@pve"],
        acl: [...(rescue.acl ?? []), ["/", "user:anna@pve", "Administrator"]],
      },
      false,
    ],
  ])("%s", (_, live, warned) => {
    const desired: TerseDesired = { users: { "rescue@pve": { ensure: "absent" } } };
    const judged = judge(desired, live, { callerRole: "PVEAdmin" });
    expect(foundOf("only-root-left", judged)).toMatchObject(warned ? [{ severity: "warning" }] : []);
  });
});
