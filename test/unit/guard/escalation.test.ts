import { describe, expect, test } from "@jest/globals";
import { aPool } from "../../support/builders.ts";
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

  describe("of one entry that counts in several ways is one", () => {
    const pooled: TerseLive = {
      users: ["joe@pve"],
      pools: [aPool("dev", [100, 101]), aPool("dev/a", [102]), aPool("prod", [103])],
    };
    const gained = "user:joe@pve gains VM.GuestAgent.Unrestricted on";

    test.each([
      [
        "/pool",
        `${gained} 5 paths (/pool and below, /vms/100, /vms/101, /vms/102, /vms/103): user joe@pve has PVEVMAdmin on /pool`,
      ],
      [
        "/pool/dev",
        `${gained} 4 paths (/pool/dev and below, /vms/100, /vms/101, /vms/102): user joe@pve has PVEVMAdmin on /pool/dev`,
      ],
      ["/vms", `${gained} /vms and below: user joe@pve has PVEVMAdmin on /vms`],
    ])("%s", (path, message) => {
      const found = foundOf("escalation", judge({ acl: [[path, "user:joe@pve", ["PVEVMAdmin"]]] }, pooled));
      expect(found.map((one) => one.message)).toEqual([message]);
    });

    test("guests that come into a pool", () => {
      const desired: TerseDesired = { pools: { dev: { vms: [100, 101, 104, 105] } } };
      const before: TerseLive = { ...pooled, acl: [["/pool/dev", "user:joe@pve", "PVEVMAdmin"]] };
      const found = foundOf("escalation", judge(desired, before));
      expect(found.map((one) => one.message)).toEqual([
        `${gained} 2 paths (/vms/104, /vms/105): each is now in /pool/dev; user joe@pve has PVEVMAdmin on /pool/dev`,
      ]);
    });
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
