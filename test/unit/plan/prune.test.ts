import { describe, expect, test } from "@jest/globals";
import type { ObjectKind } from "../../../src/model/target.ts";
import { aRealm, aTokenId, aUser } from "../../support/builders.ts";
import {
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

const live: TerseLive = {
  users: ["joe@pve", "old@pve"],
  groups: { ops: [], oldies: [] },
  roles: { Operator: [], Old: [] },
  tokens: ["joe@pve!keep", "joe@pve!old"],
  acl: [
    ["/", "group:ops", "Operator"],
    ["/vms", "group:ops", "Operator"],
  ],
};
const declared: TerseDesired = {
  users: { "joe@pve": {} },
  groups: { ops: {} },
  roles: { Operator: {} },
  tokens: { "joe@pve!keep": {} },
  acl: [["/", "group:ops", ["Operator"]]],
};

describe("prune", () => {
  test.each<[ObjectKind, string]>([
    ["users", "delete User old@pve"],
    ["groups", "delete Group oldies"],
    ["roles", "delete Role Old"],
    ["tokens", "delete Token joe@pve!old"],
    ["acl", "delete ACL /vms group:ops"],
  ])("deletes undeclared %s and nothing of another kind", (kind, change) => {
    const plan = aPlan({ ...declared, prune: { [kind]: true } }, live);
    expect(changesOf(plan)).toEqual([change]);
    expect(plan.changes).toMatchObject([{ reason: "prune" }]);
    expect(plan.unmanaged.filter(({ reason }) => reason !== "prune-off")).toEqual([]);
  });

  test("deletes what refers before what is referred to", () => {
    expect(changesOf(aPlan({ ...declared, prune: true }, live))).toEqual([
      "delete ACL /vms group:ops",
      "delete Token joe@pve!old",
      "delete User old@pve",
      "delete Group oldies",
      "delete Role Old",
    ]);
  });

  test("switched off, it lists what stays", () => {
    const plan = aPlan(declared, live);
    expect(plan.changes).toEqual([]);
    expect(plan.unmanaged).toEqual([
      { kind: "ACL", name: "/vms group:ops", reason: "prune-off" },
      { kind: "Group", name: "oldies", reason: "prune-off" },
      { kind: "Role", name: "Old", reason: "prune-off" },
      { kind: "Token", name: "joe@pve!old", reason: "prune-off" },
      { kind: "User", name: "old@pve", reason: "prune-off" },
    ]);
  });

  test("users: disable disables, and leaves who is disabled", () => {
    const off = aUser("off@pve", { enabled: false });
    const plan = aPlan(
      { users: { "joe@pve": {} }, prune: { users: "disable" } },
      { users: ["joe@pve", "old@pve", off] },
    );
    expect(plan.operations).toMatchObject([{ kind: "update-user", id: "old@pve", set: { enabled: false } }]);
    expect(plan.changes).toMatchObject([{ reason: "prune" }]);
  });

  test.each<[ObjectKind, keyof TerseDesired]>([
    ["users", "users"],
    ["groups", "groups"],
    ["roles", "roles"],
    ["tokens", "tokens"],
    ["acl", "acl"],
  ])(
    "leaves %s alone while no manifest wants any, unless the target says that none is right",
    (kind, field) => {
      const nothing = aPlan({ prune: { [kind]: true } }, live);
      expect([changesOf(nothing), findingsOf(nothing)]).toEqual([[], ["warning kind-undeclared"]]);
      expect(nothing.findings[0]?.count).toBeGreaterThan(0);
      const allowed = aPlan({ prune: { [kind]: true }, safety: { allowEmpty: [kind] } }, live);
      expect(changesOf(allowed).length).toBeGreaterThan(0);
      expect(findingsOf(allowed)).toEqual([]);
      expect(changesOf(aPlan({ [field]: declared[field], prune: { [kind]: true } }, live))).not.toEqual([]);
    },
  );

  test("an absent object is nothing that is wanted, an ignored one is", () => {
    const prune = { users: true };
    expect(changesOf(aPlan({ prune, users: { "old@pve": { ensure: "absent" } } }, live))).toEqual([
      "delete User old@pve",
    ]);
    expect(changesOf(aPlan({ prune, users: { "old@pve": { ensure: "ignored" } } }, live))).toContain(
      "delete User joe@pve",
    );
  });
});

describe("what prune never takes", () => {
  const all: TerseDesired = {
    prune: true,
    safety: { allowEmpty: ["users", "groups", "roles", "tokens", "acl"] },
  };

  test("built-ins, which are not even listed", () => {
    expect(aPlan(all, {})).toMatchObject({ changes: [], unmanaged: [] });
  });

  test("directory objects, out of scope or in it", () => {
    const directory = {
      users: ["anna@corp"],
      groups: { "staff-corp": ["anna@corp"] },
      realms: [aRealm("corp", "ad")],
    };
    const others = { ...all, prune: { users: true, groups: true, realms: false } } as const;
    expect(aPlan(others, directory)).toMatchObject({ changes: [], unmanaged: [{ kind: "Realm" }] });
    expect(aPlan({ ...others, scope: { directories: ["corp"] } }, directory)).toMatchObject({
      changes: [],
      unmanaged: [
        { kind: "Group", name: "staff-corp", reason: "directory" },
        { kind: "Realm", name: "corp", reason: "prune-off" },
        { kind: "User", name: "anna@corp", reason: "directory" },
      ],
    });
  });

  test("protected subjects and their entries", () => {
    const protect = ["user:rescue@pve", "group:admins", "token:rescue@pve!t1"];
    const plan = aPlan(
      { ...all, safety: { ...all.safety, protect } },
      {
        users: ["rescue@pve"],
        groups: { admins: ["rescue@pve"] },
        tokens: ["rescue@pve!t1"],
        acl: [["/", "group:admins", "Administrator"]],
      },
    );
    expect(plan.changes).toEqual([]);
    expect(plan.unmanaged.map(({ reason }) => reason)).toEqual([
      "protected",
      "protected",
      "protected",
      "protected",
    ]);
  });

  test("the callers with their owners, groups, roles and entries", () => {
    const plan = aPlan(
      all,
      {
        users: ["rolecall@pve", "planner@pve"],
        groups: { machines: ["rolecall@pve"] },
        roles: { Reconciler: ["Sys.Audit"], Planner: ["Sys.Audit"] },
        tokens: ["rolecall@pve!gitops", "planner@pve!plan"],
        acl: [
          ["/", "group:machines", "Reconciler"],
          ["/access", "token:planner@pve!plan", "Planner"],
        ],
      },
      { callers: [aTokenId("rolecall@pve!gitops"), aTokenId("planner@pve!plan")] },
    );
    expect(plan.changes).toEqual([]);
    expect(plan.unmanaged.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      "ACL caller",
      "ACL caller",
      "Group caller",
      "Role caller",
      "Role caller",
      "Token caller",
      "Token caller",
      "User caller",
      "User caller",
    ]);
  });

  test("what is out of scope, which is not listed either", () => {
    const plan = aPlan(
      {
        ...all,
        scope: {
          users: { exclude: ["old@*"] },
          groups: { include: ["ours-*"] },
          roles: { exclude: ["Old"] },
          tokens: { exclude: ["*!old"] },
          subjects: { exclude: ["user:old@pve"] },
        },
      },
      {
        users: ["old@pve"],
        groups: { theirs: [] },
        roles: { Old: [] },
        tokens: ["old@pve!old"],
        acl: [["/", "user:old@pve", "Old"]],
      },
    );
    expect(plan).toMatchObject({
      changes: [],
      unmanaged: [],
      inScope: { User: 0, Group: 0, Role: 0, Token: 0 },
    });
  });
});

describe("a delete that would take along what is not this target's", () => {
  const old: TerseLive = {
    users: ["old@pve"],
    groups: { theirs: ["old@pve"] },
    tokens: ["old@pve!keep"],
    acl: [["/storage", "user:old@pve", "PVEAuditor"]],
  };
  const absent: TerseDesired = { users: { "old@pve": { ensure: "absent" } } };

  test.each<[string, TerseDesired]>([
    ["an entry on a path out of scope", { ...absent, scope: { paths: { exclude: ["/storage/**"] } } }],
    ["an entry that is left alone", { ...absent, acl: [["/storage", "user:old@pve", "ignored"]] }],
    ["a token out of scope", { ...absent, scope: { tokens: { exclude: ["*!keep"] } } }],
    ["a token that is protected", { ...absent, safety: { protect: ["token:old@pve!keep"] } }],
    ["a token that is left alone", { ...absent, tokens: { "old@pve!keep": { ensure: "ignored" } } }],
    ["a membership in a group out of scope", { ...absent, scope: { groups: { exclude: ["theirs"] } } }],
  ])("%s", (_, desired) => {
    const plan = aPlan(desired, old);
    expect(findingsOf(plan)).toEqual(["error cascade-out-of-scope"]);
    expect(plan.findings[0]?.changes.map((index) => changesOf(plan)[index])).toEqual(["delete User old@pve"]);
    expect(plan.findings[0]?.count).toBe(1);
  });

  test("a role that an entry out of scope holds", () => {
    const plan = aPlan(
      { roles: { Old: { ensure: "absent" } }, scope: { paths: { exclude: ["/storage/**"] } } },
      { groups: { ops: [] }, roles: { Old: [] }, acl: [["/storage", "group:ops", "Old"]] },
    );
    expect(findingsOf(plan)).toEqual(["error cascade-out-of-scope"]);
  });

  test("within the scope it is shown, and no error", () => {
    expect(findingsOf(aPlan(absent, old))).toEqual([]);
  });
});
