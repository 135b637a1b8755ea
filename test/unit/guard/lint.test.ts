import { describe, expect, test } from "@jest/globals";
import { aPool, aToken, aUser } from "../../support/builders.ts";
import type { TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const unseparated = { privilegeSeparation: false };

describe("lint", () => {
  test.each<[string, string, TerseLive, readonly string[]]>([
    [
      "a separated token without entries",
      "token-without-acl",
      { users: ["joe@pve"], tokens: ["joe@pve!ta"] },
      ["joe@pve!ta"],
    ],
    [
      "one with an entry",
      "token-without-acl",
      { users: ["joe@pve"], tokens: ["joe@pve!ta"], acl: [["/", "token:joe@pve!ta", "PVEAuditor"]] },
      [],
    ],
    [
      "one that is not separated",
      "token-without-acl",
      { users: ["joe@pve"], tokens: [aToken("joe@pve!ta", unseparated)] },
      [],
    ],
    [
      "an entry that the owner backs in nothing",
      "token-entry-unbacked",
      {
        users: ["joe@pve"],
        tokens: ["joe@pve!ta"],
        acl: [
          ["/vms", "token:joe@pve!ta", "PVEVMUser"],
          ["/storage", "user:joe@pve", "PVEVMUser"],
        ],
      },
      ["PVEVMUser on /vms of joe@pve!ta"],
    ],
    [
      "one that he backs in part",
      "token-entry-unbacked",
      {
        users: ["joe@pve"],
        tokens: ["joe@pve!ta"],
        acl: [
          ["/vms", "token:joe@pve!ta", "PVEVMAdmin"],
          ["/", "user:joe@pve", "PVEVMUser"],
        ],
      },
      [],
    ],
    [
      "one of the superuser's",
      "token-entry-unbacked",
      { tokens: ["root@pam!ta"], acl: [["/vms", "token:root@pam!ta", "PVEVMUser"]] },
      [],
    ],
    [
      "a token that may do all",
      "token-of-administrator",
      { tokens: [aToken("root@pam!ta", unseparated)] },
      ["root@pam!ta", "rolecall@pve!gitops"],
    ],
    [
      "a disabled user's token",
      "token-of-disabled-user",
      { users: [aUser("joe@pve", { enabled: false })], tokens: ["joe@pve!ta"] },
      ["joe@pve!ta"],
    ],
    [
      "a deeper entry that takes away",
      "entry-hidden",
      {
        groups: { ops: [] },
        acl: [
          ["/", "group:ops", "PVEAdmin"],
          ["/vms/100", "group:ops", "PVEAuditor"],
        ],
      },
      ["group:ops on / by the one on /vms/100"],
    ],
    [
      "a deeper entry that gives more",
      "entry-hidden",
      {
        groups: { ops: [] },
        acl: [
          ["/", "group:ops", "PVEAuditor"],
          ["/vms/100", "group:ops", "PVEVMAdmin"],
        ],
      },
      [],
    ],
    [
      "a refusal, which is meant",
      "entry-hidden",
      {
        groups: { ops: [] },
        acl: [
          ["/", "group:ops", "PVEAdmin"],
          ["/vms/100", "group:ops", "NoAccess"],
        ],
      },
      [],
    ],
    [
      "one above that does not reach so deep",
      "entry-hidden",
      {
        groups: { ops: [] },
        acl: [
          ["/", "group:ops", "PVEAdmin", false],
          ["/vms/100", "group:ops", "PVEAuditor"],
        ],
      },
      [],
    ],
    [
      "one on a guest on which a pool brings back what it hides",
      "entry-hidden",
      {
        groups: { ops: [] },
        pools: [aPool("a", [100])],
        acl: [
          ["/", "group:ops", "PVEAdmin"],
          ["/vms/100", "group:ops", "PVEAuditor"],
        ],
      },
      [],
    ],
    [
      "one of somebody else",
      "entry-hidden",
      {
        groups: { ops: [], dev: [] },
        acl: [
          ["/", "group:dev", "PVEAdmin"],
          ["/vms/100", "group:ops", "PVEAuditor"],
        ],
      },
      [],
    ],
    [
      "a pool that is not there",
      "pool-unknown",
      {
        groups: { ops: [] },
        pools: [aPool("a")],
        acl: [
          ["/pool/a", "group:ops", "PVEAuditor"],
          ["/pool/a/b", "group:ops", "PVEVMUser"],
          ["/pool", "group:ops", "PVEAuditor"],
        ],
      },
      ["/pool/a/b"],
    ],
  ])("%s: %s", (_, code, live, names) => {
    const found = foundOf(code, judge({}, live));
    expect(found).toMatchObject(
      names.length === 0
        ? []
        : code === "token-of-administrator"
          ? [{}]
          : [{ severity: "warning", count: names.length }],
    );
    for (const name of names) expect(found[0]?.message).toContain(name);
  });

  test("a server full of them is one finding with ten names", () => {
    const tokens = Array.from({ length: 12 }, (_, index) => `joe@pve!t${index}`);
    const [found] = foundOf("token-without-acl", judge({}, { users: ["joe@pve"], tokens }));
    expect(found).toMatchObject({ count: 12 });
    expect(found?.message).toMatch(/ and 2 more$/u);
  });
});
