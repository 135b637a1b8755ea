import { describe, expect, test } from "@jest/globals";
import { aRealm, anEntry } from "../../support/builders.ts";
import {
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

type Rows = readonly (readonly [string, string, string, boolean])[];

/** The rows of the live users joe and ann at the end. */
function rowsAfter(desired: TerseDesired, acl: Rows, live: TerseLive = {}): readonly unknown[] {
  const { after } = aPlan(desired, { users: ["ann@pve", "joe@pve"], groups: { ops: [] }, ...live, acl });
  return after.acl;
}

describe("the roles of a declared pair are what the manifests say", () => {
  const vms = "/vms";
  test.each<[string, TerseDesired, Rows, Rows]>([
    [
      "another role replaces the one that was, prune or not",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor"]]], prune: false },
      [[vms, "user:joe@pve", "PVEAdmin", true]],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "a role that somebody added by hand goes",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor"]]] },
      [
        [vms, "user:joe@pve", "PVEAuditor", true],
        [vms, "user:joe@pve", "Administrator", true],
      ],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "propagate is switched off",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor!"]]] },
      [[vms, "user:joe@pve", "PVEAuditor", true]],
      [[vms, "user:joe@pve", "PVEAuditor", false]],
    ],
    [
      "propagate is switched on",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor"]]] },
      [[vms, "user:joe@pve", "PVEAuditor", false]],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "a pair that is declared absent loses all",
      { acl: [[vms, "user:joe@pve", "absent"]] },
      [
        [vms, "user:joe@pve", "PVEAuditor", true],
        [vms, "user:joe@pve", "PVEVMUser", true],
      ],
      [],
    ],
    [
      "absent roles go, the others stay",
      { acl: [[vms, "user:joe@pve", { without: ["PVEVMUser"] }]] },
      [
        [vms, "user:joe@pve", "PVEAuditor", true],
        [vms, "user:joe@pve", "PVEVMUser", true],
      ],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "an ignored pair is left, and counts as declared",
      { acl: [[vms, "user:joe@pve", "ignored"]], prune: { acl: true } },
      [[vms, "user:joe@pve", "PVEAuditor", true]],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "other pairs are left while nothing prunes",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor"]]] },
      [["/", "user:joe@pve", "PVEAdmin", true]],
      [
        ["/", "user:joe@pve", "PVEAdmin", true],
        [vms, "user:joe@pve", "PVEAuditor", true],
      ],
    ],
    [
      "and go when it does",
      { acl: [[vms, "user:joe@pve", ["PVEAuditor"]]], prune: { acl: true } },
      [["/", "user:joe@pve", "PVEAdmin", true]],
      [[vms, "user:joe@pve", "PVEAuditor", true]],
    ],
    [
      "but not out of scope",
      {
        acl: [[vms, "user:joe@pve", ["PVEAuditor"]]],
        prune: { acl: true },
        scope: { paths: { exclude: ["/storage/**"] }, subjects: { exclude: ["user:ann@*"] } },
      },
      [
        ["/storage", "user:joe@pve", "PVEDatastoreUser", true],
        ["/storage/local", "user:joe@pve", "PVEDatastoreUser", true],
        [vms, "user:ann@pve", "PVEAdmin", true],
      ],
      [
        ["/storage", "user:joe@pve", "PVEDatastoreUser", true],
        ["/storage/local", "user:joe@pve", "PVEDatastoreUser", true],
        [vms, "user:ann@pve", "PVEAdmin", true],
        [vms, "user:joe@pve", "PVEAuditor", true],
      ],
    ],
  ])("%s", (_, desired, live, after) => {
    expect(rowsAfter(desired, live)).toEqual(after.map((row) => anEntry(...row)));
  });
});

describe("how it is written", () => {
  test.each([true, false])(
    "a flip of propagate to %s is one write, with no moment without the role",
    (propagate) => {
      const plan = aPlan(
        { acl: [["/vms", "group:ops", [propagate ? "PVEAuditor" : "PVEAuditor!"]]] },
        { groups: { ops: [] }, acl: [["/vms", "group:ops", "PVEAuditor", !propagate]] },
      );
      expect(plan.operations).toMatchObject([{ kind: "grant", propagate, roles: ["PVEAuditor"] }]);
      expect(changesOf(plan)).toEqual(["update ACL /vms group:ops"]);
    },
  );

  test("a new role is granted before the old one is revoked", () => {
    const plan = aPlan(
      { acl: [["/vms", "group:ops", ["PVEVMAdmin"]]] },
      { groups: { ops: [] }, acl: [["/vms", "group:ops", "PVEAuditor"]] },
    );
    expect(plan.operations).toMatchObject([
      { kind: "grant", roles: ["PVEVMAdmin"] },
      { kind: "revoke", roles: ["PVEAuditor"] },
    ]);
  });

  test("entries of the superuser count as not there", () => {
    const plan = aPlan(
      { prune: true, acl: [["/", "group:ops", ["PVEAuditor"]]] },
      {
        groups: { ops: [] },
        acl: [
          ["/", "user:root@pam", "Administrator"],
          ["/", "group:ops", "PVEAuditor"],
        ],
      },
    );
    expect(plan.operations).toEqual([]);
    expect(plan.before.acl).toHaveLength(1);
  });

  test("an entry of a vanished user is said, and never a change", () => {
    const plan = aPlan(
      { prune: true, safety: { allowEmpty: ["acl"] } },
      { acl: [["/vms", "user:gone@pve", "PVEAuditor"]] },
    );
    expect([changesOf(plan), findingsOf(plan)]).toEqual([[], ["warning dangling-entry"]]);
  });

  test("unless its role is deleted, which the server does along with it", () => {
    const plan = aPlan(
      { roles: { Old: { ensure: "absent" } } },
      { roles: { Old: [] }, acl: [["/vms", "user:gone@pve", "Old"]] },
    );
    expect(changesOf(plan)).toEqual(["delete ACL /vms user:gone@pve", "delete Role Old"]);
    expect(plan.operations).toMatchObject([{ kind: "delete-role", changes: [0, 1] }]);
    expect(plan.findings).toEqual([]);
  });
});

describe("references of grants", () => {
  test.each<[string, TerseDesired, TerseLive, string]>([
    [
      "a role that nobody has",
      { acl: [["/", "group:ops", ["Nope"]]] },
      { groups: { ops: [] } },
      "error reference-unknown",
    ],
    [
      "a group that nobody has",
      { acl: [["/", "group:nope", ["PVEAuditor"]]] },
      {},
      "error reference-unknown",
    ],
    [
      "a role that prune deletes",
      { acl: [["/", "group:ops", ["Old"]]], roles: { New: [] }, prune: { roles: true } },
      { groups: { ops: [] }, roles: { Old: [] } },
      "error reference-unmanaged",
    ],
    [
      "a user that prune deletes",
      { acl: [["/", "user:joe@pve", ["PVEAuditor"]]], users: { "ann@pve": {} }, prune: { users: true } },
      { users: ["joe@pve"] },
      "error reference-unmanaged",
    ],
    [
      "a user that prune deletes, whose entry is there already",
      { acl: [["/", "user:joe@pve", ["PVEAuditor"]]], users: { "ann@pve": {} }, prune: { users: true } },
      { users: ["joe@pve"], acl: [["/", "user:joe@pve", "PVEAuditor"]] },
      "error reference-unmanaged",
    ],
    [
      "a token whose owner prune deletes",
      { acl: [["/", "token:joe@pve!t1", ["PVEAuditor"]]], users: { "ann@pve": {} }, prune: { users: true } },
      { users: ["joe@pve"], tokens: ["joe@pve!t1"] },
      "error reference-unmanaged",
    ],
  ])("%s", (_, desired, live, finding) => {
    expect(findingsOf(aPlan(desired, live))).toEqual([finding]);
  });

  test("a path that the server's release does not take is told, and the rest goes on", () => {
    const both: TerseDesired = {
      acl: [
        ["/mapping/pci", "group:ops", ["PVEAuditor"]],
        ["/vms", "group:ops", ["PVEAuditor"]],
      ],
    };
    const old = aPlan(both, { groups: { ops: [] }, version: "7.4-16" });
    expect([findingsOf(old), changesOf(old)]).toEqual([
      ["error path-unsupported"],
      ["create ACL /vms group:ops"],
    ]);
    expect(old.findings[0]?.message).toBe(
      "release 7.4-16 takes no ACL entries at /mapping/pci: 8.0 brought it",
    );
    expect(findingsOf(aPlan(both, { groups: { ops: [] } }))).toEqual([]);
  });

  test("a live role and a live subject that stay are enough", () => {
    const plan = aPlan(
      { acl: [["/", "group:ops", ["Old"]]] },
      { groups: { ops: [] }, roles: { Old: ["VM.Audit"] } },
    );
    expect([changesOf(plan), plan.findings]).toEqual([["create ACL / group:ops"], []]);
  });

  test("the same mistake at two places is told at both", () => {
    const plan = aPlan(
      {
        acl: [
          ["/", "group:ops", ["Nope"], "first"],
          ["/vms", "group:ops", ["Nope"], "second"],
        ],
      },
      { groups: { ops: [] } },
    );
    expect(plan.findings.map(({ source }) => source?.file)).toEqual(["first.yaml", "second.yaml"]);
  });

  test("grants of a group that its directory has not brought wait, and nothing else does", () => {
    const plan = aPlan(
      {
        acl: [
          ["/", "group:staff-corp", ["PVEAuditor"]],
          ["/", "group:ops", ["PVEAuditor"]],
        ],
      },
      { groups: { ops: [] }, realms: [aRealm("corp", "ldap")] },
    );
    expect(findingsOf(plan)).toEqual(["warning directory-object-missing"]);
    expect(changesOf(plan)).toEqual(["create ACL / group:ops", "(create ACL / group:staff-corp)"]);
    expect(plan.operations).toMatchObject([{ kind: "grant", changes: [0] }]);
    expect(plan.after.acl).toEqual([anEntry("/", "group:ops", "PVEAuditor")]);
  });
});
