// What each kind's part says, and leaves out.

import { describe, expect, test } from "@jest/globals";
import { exportAcl } from "../../../src/export/acl.ts";
import { exportState } from "../../../src/export/export-state.ts";
import type { ExportInput, Part } from "../../../src/export/exported.ts";
import { exportGroups } from "../../../src/export/groups.ts";
import { exportPools } from "../../../src/export/pools.ts";
import { exportRealms } from "../../../src/export/realms.ts";
import { exportRoles } from "../../../src/export/roles.ts";
import { exportTokens } from "../../../src/export/tokens.ts";
import { exportUsers } from "../../../src/export/users.ts";
import { extentOf } from "../../../src/cli/export-extent.ts";
import type { Realm, RealmOptions } from "../../../src/model/access-state.ts";
import { pve } from "../../../src/model/pve.ts";
import {
  aGroup,
  anEntry,
  aPool,
  aRealm,
  aState,
  aToken,
  aUser,
  type TerseState,
} from "../../support/builders.ts";
import { aTarget, type TerseTarget } from "../../support/desired-builders.ts";

function input(terse: TerseState, scope: TerseTarget["scope"] = {}): ExportInput {
  const state = aState({ realms: [aRealm("corp", "ldap")], ...terse });
  const extent = extentOf(aTarget({ scope }), state, pve, {});
  return { state, product: pve, extent, envPrefix: "SECRET_" };
}

const names = ({ documents }: Part): string[] => documents.map(({ name }) => name);
const specOf = ({ documents }: Part, name: string): unknown =>
  documents.find((document) => document.name === name)?.spec;

describe("users", () => {
  test("with what guards always written, and defaults left out", () => {
    const part = exportUsers(
      input({ users: [aUser("b@pve", { enabled: false, comment: "x" }), aUser("a@pve")] }),
    );
    expect(names(part)).toEqual(["a@pve", "b@pve"]);
    expect(specOf(part, "a@pve")).toEqual({ enabled: true, expire: "never" });
    expect(specOf(part, "b@pve")).toEqual({ enabled: false, expire: "never", comment: "x" });
  });

  test("neither the superuser nor whom a directory makes, unless its realm is in scope", () => {
    const users = ["anna@corp", "joe@pve"];
    expect(names(exportUsers(input({ users })))).toEqual(["joe@pve"]);
    expect(names(exportUsers(input({ users }, { directories: ["corp"] })))).toEqual(["anna@corp", "joe@pve"]);
    expect(exportUsers(input({ users })).remarks.join("\n")).toContain("one user of corp");
  });

  test("where passwords come from is told where there are any", () => {
    expect(exportUsers(input({ users: ["joe@pve"] })).remarks.join("\n")).toContain("env: SECRET_NAME");
    expect(exportUsers(input({ users: ["joe@pam"] })).remarks).toEqual([]);
  });

  test("what no manifest can say is left alone, with a remark", () => {
    const odd = { firstName: "x".repeat(2000), email: "no mail", comment: " y", expire: 1e20 };
    const [document] = exportUsers(input({ users: [aUser("joe@pve", odd)] })).documents;
    expect(document?.spec).toEqual({ enabled: true, unmanaged: ["expire"] });
    expect(document?.remarks).toHaveLength(4);
  });

  test("whom no manifest can name is told", () => {
    const part = exportUsers(input({ users: ["ü@pve", "rolecall-tmp-1@pve", "joe@pve"] }));
    expect(names(part)).toEqual(["joe@pve"]);
    expect(part.remarks.join("\n")).toMatch(/scope\.users\.exclude[^]*rolecall-tmp-1@pve[^]*ü@pve/u);
  });
});

describe("groups", () => {
  const users = ["joe@pve", "anna@corp", "out@pve", "ü@pve"];

  test("with their members, those of directories among them, and no one who is left alone", () => {
    const groups = { ops: ["joe@pve", "anna@corp", "root@pam", "out@pve"], none: [] };
    const part = exportGroups(input({ users, groups }, { users: { exclude: ["out@pve"] } }));
    expect(specOf(part, "ops")).toEqual({ members: ["anna@corp", "joe@pve"] });
    expect(specOf(part, "none")).toEqual({ members: [] });
    expect(part.remarks.join("\n")).toMatch(/left as they are[^]*ops: out@pve[^]*ops: root@pam/u);
  });

  test("of a directory, and the switch, are left out", () => {
    const groups = { "staff-corp": [], "rolecall-pause": [], ops: [] };
    const part = exportGroups(input({ users, groups }));
    expect(names(part)).toEqual(["ops"]);
    expect(part.remarks.join("\n")).toContain("staff-corp");
  });

  test("members that are gone are named in a remark", () => {
    const part = exportGroups(input({ groups: { ops: ["gone@pve"] } }));
    expect(specOf(part, "ops")).toEqual({ members: [] });
    expect(part.remarks.join("\n")).toContain("ops: gone@pve");
  });

  test("one whose member can't be named takes nobody out: memberships in place of a list", () => {
    const part = exportGroups(input({ users, groups: { ops: ["joe@pve", "ü@pve"] } }));
    expect(specOf(part, "ops")).toEqual({});
    expect(part.documents.at(-1)).toMatchObject({
      kind: "Membership",
      name: "ops-joe-pve",
      spec: { group: "ops", user: "joe@pve" },
    });
  });

  test("comments", () => {
    expect(specOf(exportGroups(input({ groups: [aGroup("ops", [], "day")] })), "ops")).toEqual({
      comment: "day",
      members: [],
    });
  });
});

describe("roles", () => {
  test("of one's own, also empty ones", () => {
    const part = exportRoles(input({ roles: { B: [], A: ["VM.Audit"] } }));
    expect(names(part)).toEqual(["A", "B"]);
    expect(specOf(part, "B")).toEqual({ privileges: [] });
  });

  test("with a privilege from the future keep what they have", () => {
    const given = input({ roles: { A: ["VM.Audit"] } });
    const [id, role] = [...given.state.roles].find(([name]) => name === "A")!;
    // Proof: what a newer server names; only shown.
    const privileges = [...role.privileges, "VM.Levitate" as (typeof role.privileges)[number]];
    const state = { ...given.state, roles: new Map([[id, { ...role, privileges }]]) };
    const [document] = exportRoles({ ...given, state }).documents;
    expect(document).toMatchObject({ spec: {}, remarks: [expect.stringContaining("VM.Levitate")] });
  });

  test("with a name that is the product's own are told", () => {
    const part = exportRoles(input({ roles: { PVEMine: [] } }));
    expect(part.documents).toEqual([]);
    expect(part.remarks.join("\n")).toContain("PVEMine");
  });
});

describe("realms", () => {
  const corp = (options: RealmOptions, also: Partial<Realm> = {}): ExportInput =>
    input({ realms: [{ ...aRealm("corp", "ldap"), options, syncJobs: [], ...also }] });
  const job = {
    id: "realm-sync-corp",
    schedule: "daily",
    scope: "both",
    removeVanished: "none",
    enabled: true,
    comment: "",
  };

  test("with what guards always written, defaults left out, and server's texts as mappings", () => {
    const options = { mode: "ldap", "sync-defaults-options": "enable-new=0,remove-vanished=none", port: 636 };
    const part = exportRealms(corp(options, { comment: "x", isDefault: true }));
    expect(names(part)).toEqual(["corp"]);
    expect(specOf(part, "corp")).toEqual({
      type: "ldap",
      comment: "x",
      default: true,
      options: {
        port: 636,
        "sync-defaults-options": { "enable-new": false, "remove-vanished": "none" },
        verify: false,
      },
    });
    expect(part.remarks).toEqual([]);
  });

  test("built-in ones only where somebody gave them something", () => {
    const realms = [
      { ...aRealm("pam", "pam"), comment: "Linux PAM standard authentication", options: {} },
      { ...aRealm("pve", "pve"), options: { tfa: "digits=8,type=oath" } },
    ];
    const part = exportRealms(input({ realms }));
    expect(part.documents.map(({ name, spec }) => [name, spec])).toEqual([
      ["pve", { type: "pve", options: { tfa: { digits: 8, type: "oath" } } }],
    ]);
  });

  test("where secrets come from is told where there may be any", () => {
    expect(exportRealms(corp({ bind_dn: "cn=a" })).remarks.join("\n")).toContain("env: SECRET_NAME");
    expect(exportRealms(corp({ server1: "h" })).remarks).toEqual([]);
  });

  test("one whose options were not read is left out; jobs that were not read are told", () => {
    const unread = exportRealms(input({}));
    expect(unread.documents).toEqual([]);
    expect(unread.remarks.join("\n")).toContain("corp");
    const jobsUnread = input({ realms: [{ ...aRealm("corp", "ldap"), options: {} }] });
    expect(exportRealms(jobsUnread).remarks.join("\n")).toContain("Jobs that fetch users");
  });

  test("their job, short", () => {
    const syncJobs = [{ ...job, removeVanished: "entry;acl", comment: "at night" }];
    expect(specOf(exportRealms(corp({}, { syncJobs })), "corp")).toMatchObject({
      sync: { schedule: "daily", scope: "both", removeVanished: ["entry", "acl"], comment: "at night" },
    });
  });

  test.each([
    ["several jobs", [job, { ...job, id: "b" }], "2 jobs"],
    ["a job without a scope", [{ ...job, scope: "" }], "no scope"],
    ["a schedule that no manifest takes", [{ ...job, schedule: "every <day>" }], "when the job"],
  ])("%s is left alone, with a remark", (_, syncJobs, told) => {
    const [document] = exportRealms(corp({}, { syncJobs })).documents;
    expect(document?.spec).not.toHaveProperty("sync");
    expect(document?.remarks.join("\n")).toContain(told);
  });

  test("an option that no manifest can say is left alone, with a remark", () => {
    const [document] = exportRealms(corp({ tfa: "type=yubico", "from-the-future": "1" })).documents;
    expect(document?.spec).toEqual({ type: "ldap", options: { verify: false } });
    expect(document?.remarks).toEqual([
      expect.stringContaining("tfa is left alone"),
      expect.stringContaining("from-the-future is left alone"),
    ]);
  });

  test("those out of the target's scope are not exported", () => {
    expect(names(exportRealms(input({}, { realms: { exclude: ["corp"] } })))).toEqual([]);
  });
});

test("pools have both lists, unless their members were not read", () => {
  const { id, comment } = aPool("b");
  const part = exportPools(input({ pools: [aPool("a", [101, 100], ["local"], "x"), { id, comment }] }));
  expect(specOf(part, "a")).toEqual({ comment: "x", vms: [100, 101], storages: ["local"] });
  expect(specOf(part, "b")).toEqual({});
});

test("tokens have what guards them, and where secrets would go is told", () => {
  const part = exportTokens(
    input({
      users: ["ci@pve"],
      tokens: [aToken("ci@pve!aa", { privilegeSeparation: false }), "root@pam!bb"],
    }),
  );
  expect(specOf(part, "ci@pve!aa")).toEqual({ privilegeSeparation: false, expire: "never" });
  expect(names(part)).toEqual(["ci@pve!aa", "root@pam!bb"]);
  expect(part.remarks.join("\n")).toContain("sinks:");
  expect(exportTokens(input({})).remarks).toEqual([]);
});

describe("entries", () => {
  const base: TerseState = { users: ["a@pve", "b@pve"], groups: { g: [] }, tokens: ["a@pve!tok"] };

  test("of one path and role together, and roles with the same subjects together", () => {
    const { ofPeople } = exportAcl(
      input({
        ...base,
        acl: [
          ["/vms", "user:a@pve", "PVEAuditor"],
          ["/vms", "group:g", "PVEAuditor"],
          ["/vms", "group:g", "PVEVMUser"],
          ["/vms", "user:a@pve", "PVEVMUser"],
          ["/vms", "user:b@pve", "PVEVMAdmin"],
          ["/vms", "user:b@pve", "PVEAuditor", false],
        ],
      }),
    );
    expect(ofPeople.documents.map(({ name, spec }) => ({ name, spec }))).toEqual([
      {
        name: "vms-pveauditor-here-only",
        spec: { path: "/vms", roles: ["PVEAuditor"], subjects: [{ user: "b@pve" }], propagate: false },
      },
      {
        name: "vms-pveauditor-and-1-more",
        spec: {
          path: "/vms",
          roles: ["PVEAuditor", "PVEVMUser"],
          subjects: [{ group: "g" }, { user: "a@pve" }],
          propagate: true,
        },
      },
      {
        name: "vms-pvevmadmin",
        spec: { path: "/vms", roles: ["PVEVMAdmin"], subjects: [{ user: "b@pve" }], propagate: true },
      },
    ]);
  });

  test("of tokens stand with the tokens", () => {
    const given = input({ ...base, acl: [["/", "token:a@pve!tok", "PVEAuditor"]] });
    const { ofPeople, ofTokens } = exportAcl(given);
    expect(ofPeople.documents).toEqual([]);
    expect(names(ofTokens)).toEqual(["root-pveauditor-tokens"]);
    const files = exportState(given);
    expect(files.find(({ name }) => name === "tokens.yaml")?.documents).toHaveLength(2);
    expect(files.some(({ name }) => name === "acl.yaml")).toBe(false);
  });

  test("of who is gone, of root and at paths that no manifest takes are remarks", () => {
    const { ofPeople } = exportAcl(
      input({
        ...base,
        acl: [
          anEntry("/vms", "user:gone@pve", "PVEAuditor"),
          anEntry("/vms", "group:gone", "PVEAuditor"),
          anEntry("/", "user:root@pam", "Administrator"),
          anEntry("/vms/100/deep", "user:a@pve", "PVEAuditor"),
        ],
      }),
    );
    expect(ofPeople.documents).toEqual([]);
    const said = ofPeople.remarks.join("\n");
    for (const line of [
      "/vms user:gone@pve: PVEAuditor",
      "/vms group:gone: PVEAuditor",
      "/ user:root@pam: Administrator",
      "/vms/100/deep user:a@pve: PVEAuditor",
    ])
      expect(said).toContain(line);
  });

  test("names of roles that differ in case alone are told apart", () => {
    const roles = { Ops: [], ops: [], OPS: [] };
    const acl = Object.keys(roles).map((role, index) =>
      anEntry("/", `user:${"ab"[index] ?? "a"}@pve`, role, index < 2),
    );
    const { ofPeople } = exportAcl(input({ ...base, roles, acl }));
    expect(new Set(names(ofPeople)).size).toBe(3);
  });
});

test("each manifest names its target where there are several", () => {
  const given = input({
    users: ["a@pve"],
    groups: { g: ["a@pve"] },
    roles: { R: [] },
    tokens: ["a@pve!tok"],
    pools: [aPool("p")],
    acl: [["/", "group:g", "R"]],
  });
  const documents = exportState({ ...given, targets: ["dc1"] }).flatMap((file) => file.documents);
  expect(documents).toHaveLength(6);
  for (const { spec } of documents) expect(Object.entries(spec)[0]).toEqual(["targets", ["dc1"]]);
});
