import { describe, expect, test } from "@jest/globals";
import type { TerseDesired, TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const live: TerseLive = {
  users: ["anna@pve", "joe@pve"],
  groups: { admins: [], ops: ["anna@pve", "joe@pve"] },
  acl: [
    ["/", "group:admins", "PVEUserAdmin"],
    ["/vms", "group:ops", "NoAccess"],
  ],
};

describe("escalation", () => {
  test.each<[string, TerseDesired, readonly (readonly [readonly string[], number])[]]>([
    ["what is harmless is not one", { acl: [["/", "group:ops", ["PVEAuditor"]]] }, []],
    ["a user who joins", { users: { "joe@pve": { groups: ["admins", "ops"] } } }, [[["User joe@pve"], 1]]],
    [
      "a group is one finding",
      { acl: [["/nodes", "group:ops", ["PVESysAdmin"]]] },
      [[["ACL /nodes group:ops"], 2]],
    ],
    ["a loss is not one", { acl: [["/", "group:admins", "absent"]] }, []],
  ])("%s", (_, desired, expected) => {
    const found = foundOf("escalation", judge(desired, live));
    expect(found).toMatchObject(expected.map(([about, count]) => ({ severity: "warning", about, count })));
  });

  test("a refusal that goes can be one", () => {
    const before: TerseLive = {
      ...live,
      acl: [
        ["/", "group:ops", "Administrator"],
        ["/vms", "user:joe@pve", "NoAccess"],
      ],
    };
    const [found] = foundOf("escalation", judge({ acl: [["/vms", "user:joe@pve", "absent"]] }, before));
    expect(found?.message).toContain("user:joe@pve gains");
    expect(found?.message).toContain("on /vms and below: ");
    expect(found?.message).toContain("user joe@pve no longer has NoAccess on /vms");
  });

  test("refuses where the target says so", () => {
    const desired: TerseDesired = {
      acl: [["/", "group:ops", ["PVEUserAdmin"]]],
      safety: { holdEscalations: true },
    };
    expect(foundOf("escalation", judge(desired, live))).toMatchObject([{ severity: "error" }]);
  });

  test("says who, what, where and why", () => {
    const [found] = foundOf(
      "escalation",
      judge({ users: { "joe@pve": { groups: ["admins", "ops"] } } }, live),
    );
    expect(found?.message).toBe(
      "user:joe@pve gains Group.Allocate, Realm.AllocateUser, User.Modify on / and below: now in group admins; " +
        "group admins has PVEUserAdmin on /",
    );
  });
});
