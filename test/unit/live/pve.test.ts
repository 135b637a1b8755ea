import { describe, expect, test } from "@jest/globals";

import { pve } from "../../../src/model/pve.ts";
import type { LiveState } from "../../../src/model/live-state.ts";
import { readLiveState } from "../../../src/live/pve.ts";
import { ApiError } from "../../../src/proxmox/api-error.ts";
import type { ReadClient } from "../../../src/proxmox/read.ts";
import { aGroup, aPoolId, aRealmId, aToken, aUser, anEntry } from "../../support/builders.ts";
import { allPools, cannedClient, freshReads, type CannedReads } from "../../support/canned-reads.ts";

const never = new AbortController().signal;

function live(reads: CannedReads): Promise<LiveState> {
  return readLiveState(cannedClient({ ...freshReads, ...reads }), pve, allPools, never);
}

test("costs eight requests", async () => {
  const client = cannedClient(freshReads);
  await readLiveState(client, pve, allPools, never);
  expect(client.asked).toEqual([
    "/version",
    "/access/permissions",
    "/access/groups",
    "/access/roles",
    "/access/acl",
    "/access/domains",
    "/pools",
    "/access/users?full=1",
  ]);
});

test("a server that is down or refuses is asked once", async () => {
  const asked: string[] = [];
  const refused = new ApiError(
    "unauthenticated",
    { method: "GET", path: "/version" },
    { words: "No ticket" },
  );
  const client = {
    ...cannedClient(freshReads),
    get: (path: string): Promise<unknown> => {
      asked.push(path);
      return Promise.reject(refused);
    },
  };
  await expect(readLiveState(client, pve, allPools, never)).rejects.toBe(refused);
  expect(asked).toEqual(["/version"]);
});

test("the first read that fails ends the others", async () => {
  const refused = new ApiError("forbidden", { method: "GET", path: "/access/acl" }, { words: "no" });
  let stopped = 0;
  const client = {
    ...cannedClient(freshReads),
    get: (path: string, _: unknown, signal: AbortSignal): Promise<unknown> => {
      if (path === "/version") return Promise.resolve(freshReads[path]);
      if (path === "/access/acl") return Promise.reject(refused);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped++;
          reject(refused);
        });
      });
    },
  };
  await expect(readLiveState(client, pve, allPools, never)).rejects.toBe(refused);
  expect(stopped).toBe(6);
});

test("says who reads, which release, and what it supports", async () => {
  const { version, caller, supportedPrivileges, incomplete } = await live({});
  expect([version, caller, [...supportedPrivileges], incomplete]).toEqual([
    "9.2.11",
    "ci@pve!plan",
    ["Sys.Audit", "VM.Audit"],
    [],
  ]);
  expect((await live({ "/version": { version: "7.4-16", release: "7.4" } })).version).toBe("7.4-16");
});

describe("users and tokens", () => {
  const joe = aUser("joe@pve", {
    expire: 1893456000,
    firstName: "Joe",
    email: "joe@example.com",
    comment: "on call",
  });
  const row = {
    userid: "joe@pve",
    expire: 1893456000,
    firstname: "Joe",
    email: "joe@example.com",
    comment: "on call",
  };
  test.each([
    ["numbers", { ...row, enable: 1, groups: "", tokens: null }, joe],
    ["texts", { ...row, enable: "1", expire: "1893456000", lastname: "", tokens: [] }, joe],
    ["true and nulls", { ...row, enable: true, lastname: null, keys: "x", "totp-locked": false }, joe],
    ["the defaults of the schema", row, joe],
    ["disabled, as a number", { ...row, enable: 0 }, { ...joe, enabled: false }],
    ["disabled, as a text", { ...row, enable: "0" }, { ...joe, enabled: false }],
    ["disabled, as false", { ...row, enable: false }, { ...joe, enabled: false }],
    ["a comment of digits", { ...row, comment: 42 }, { ...joe, comment: "42" }],
  ])("with %s", async (_, given, expected) => {
    const { state } = await live({ "/access/users": [given] });
    expect([...state.users.values()]).toEqual([expected]);
  });

  test.each([
    [
      "numbers",
      { tokenid: "t1", privsep: 1, expire: 0, comment: "c" },
      aToken("joe@pve!t1", { comment: "c" }),
    ],
    [
      "texts",
      { tokenid: "t1", privsep: "0", expire: "5" },
      aToken("joe@pve!t1", { privilegeSeparation: false, expire: 5 }),
    ],
    ["the defaults of the schema", { tokenid: "t1" }, aToken("joe@pve!t1")],
  ])("a token with %s", async (_, given, expected) => {
    const { state } = await live({ "/access/users": [{ userid: "joe@pve", enable: 1, tokens: [given] }] });
    expect([...state.tokens.values()]).toEqual([expected]);
  });
});

describe("groups", () => {
  test.each([
    [
      "members as one text",
      { groupid: "ops", comment: "c", users: "joe@pve,ann@pve" },
      ["ann@pve", "joe@pve"],
    ],
    ["members as a list", { groupid: "ops", comment: "c", users: ["joe@pve"] }, ["joe@pve"]],
    ["a member that is gone", { groupid: "ops", comment: "c", users: "ghost@pve" }, ["ghost@pve"]],
    ["no members", { groupid: "ops", comment: "c", users: "" }, []],
    ["members that only the users name", { groupid: "ops", comment: "c" }, ["ann@pve"]],
  ])("%s", async (_, given, members) => {
    const users = [{ userid: "ann@pve", enable: 1, groups: "ops" }];
    const { state } = await live({ "/access/users": users, "/access/groups": [given] });
    expect([...state.groups.values()]).toEqual([aGroup("ops", members, "c")]);
  });
});

describe("roles, entries, realms and pools", () => {
  test("roles say themselves whether they are built in, and may have privileges of the future", async () => {
    const { state } = await live({
      "/access/roles": [
        { roleid: "Administrator", privs: "Sys.Audit", special: "1" },
        { roleid: "PVEMappingUser", privs: "Quantum.Use", special: 0 },
        { roleid: "NoAccess", privs: "" },
        { roleid: "Own", privs: "B.B,A.A A.A" },
      ],
    });
    expect([...state.roles.values()].map(({ id, privileges, builtIn }) => [id, privileges, builtIn])).toEqual(
      [
        ["Administrator", ["Sys.Audit"], true],
        ["NoAccess", [], true],
        ["Own", ["A.A", "B.B"], false],
        ["PVEMappingUser", ["Quantum.Use"], false],
      ],
    );
  });

  test("entries are in one order, and rows that are one after normalising are merged", async () => {
    const rows = [
      { path: "/vms", type: "token", ugid: "a@pve!tk", roleid: "R", propagate: "0" },
      { path: "/nodes/0", type: "user", ugid: "a@pve", roleid: "R", propagate: 0 },
      { path: "/nodes", type: "user", ugid: "a@pve", roleid: "R", propagate: 1 },
      { path: "/", type: "group", ugid: "g", roleid: "R" },
    ];
    const expected = [
      anEntry("/", "group:g", "R", true),
      anEntry("/nodes", "user:a@pve", "R", true),
      anEntry("/vms", "token:a@pve!tk", "R", false),
    ];
    expect((await live({ "/access/acl": rows })).state.acl).toEqual(expected);
    expect((await live({ "/access/acl": rows.toReversed() })).state.acl).toEqual(expected);
  });

  test("a realm whose section is broken has no type", async () => {
    const { state } = await live({ "/access/domains": [{ realm: "odd", type: null, tfa: "oath" }] });
    expect(state.realms.get(aRealmId("odd"))).toEqual({ id: "odd", type: "", comment: "" });
  });

  const pools = [{ poolid: "a/b", comment: "c" }, { poolid: "a" }];
  const guest = { id: "lxc/101", type: "lxc", vmid: "101", node: "n1", status: "running" };

  test("pools come with the members of those that are asked for, one request each", async () => {
    const members = [
      guest,
      { type: "qemu", vmid: 100 },
      { type: "storage", storage: "local", node: "n1" },
      { type: "storage", storage: "local", node: "n2" },
      { type: "sdn", sdn: "zone1" },
    ];
    const client = cannedClient({
      ...freshReads,
      "/pools": pools,
      "/pools?poolid=a%2Fb": [{ poolid: "a/b", members }],
    });
    const { state } = await readLiveState(
      client,
      pve,
      (listed, version) => ({ ...allPools(listed, version), pools: new Set([aPoolId("a/b")]) }),
      never,
    );
    expect(client.asked.slice(8)).toEqual(["/pools?poolid=a%2Fb"]);
    expect([...state.pools.values()]).toEqual([
      { id: "a", comment: "" },
      { id: "a/b", comment: "c", members: { vms: [100, 101], storages: ["local"] } },
    ]);
  });

  test("before release 8.1 a pool is asked for by its path, and answers as itself", async () => {
    const client = cannedClient({
      ...freshReads,
      "/version": { version: "8.0.4" },
      "/pools": [{ poolid: "dev" }],
      "/pools/dev": { members: [guest] },
    });
    const { state } = await readLiveState(client, pve, allPools, never);
    expect(client.asked.slice(8)).toEqual(["/pools/dev"]);
    expect(state.pools.get(aPoolId("dev"))?.members).toEqual({ vms: [101], storages: [] });
  });

  test("at most eight pools are asked for at once", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ poolid: `p${index}` }));
    const canned = cannedClient({ ...freshReads, "/pools": many });
    let [open, most] = [0, 0];
    const client: ReadClient = {
      ...canned,
      get: async (path, query, signal) => {
        if (!("poolid" in query)) return await canned.get(path, query, signal);
        most = Math.max(most, ++open);
        await Promise.resolve();
        open--;
        return [{ members: [] }];
      },
    };
    const { state } = await readLiveState(client, pve, allPools, never);
    expect([state.pools.size, most]).toEqual([40, 8]);
  });

  test("a pool that is gone since it was listed is not there; any other refusal ends the reading", async () => {
    const failing = (words: string): ReadClient => ({
      ...cannedClient({ ...freshReads, "/pools": pools }),
      get: (path, query) =>
        query["poolid"] === "a"
          ? Promise.reject(new ApiError("failed", { method: "GET", path }, { words }))
          : Promise.resolve(
              path === "/pools" && query["poolid"] ? [{}] : { ...freshReads, "/pools": pools }[path],
            ),
    });
    const { state } = await readLiveState(failing("pool 'a' does not exist"), pve, allPools, never);
    expect([...state.pools.keys()]).toEqual(["a/b"]);
    await expect(readLiveState(failing("disk full"), pve, allPools, never)).rejects.toMatchObject({
      words: "disk full",
    });
  });
});

describe("a malformed answer names its place", () => {
  const user = { userid: "joe@pve", enable: 1 };
  test.each([
    ["/version", null, "data"],
    ["/version", { version: "\u001b[31m" }, "data.version"],
    ["/access/users", "x", "data"],
    ["/access/users", [null], "data[0]"],
    ["/access/users", [user, { enable: 1 }], "data[1].userid"],
    ["/access/users", [{ ...user, enable: "yes" }], "data[0].enable"],
    ["/access/users", [{ ...user, expire: -1 }], "data[0].expire"],
    ["/access/users", [{ ...user, expire: "1e9" }], "data[0].expire"],
    ["/access/users", [{ ...user, comment: { a: 1 } }], "data[0].comment"],
    ["/access/users", [{ ...user, userid: "no realm" }], "data[0].userid"],
    ["/access/users", [{ ...user, tokens: {} }], "data[0].tokens"],
    ["/access/users", [{ ...user, tokens: [{ tokenid: "!" }] }], "data[0].tokens[0].tokenid"],
    ["/access/groups", [{ groupid: "a b" }], "data[0].groupid"],
    ["/access/groups", [{ groupid: "g", users: ["x"] }], "data[0].users[0]"],
    ["/access/roles", [{ roleid: "R", privs: "../x" }], "data[0].privs"],
    ["/access/roles", [], "data"],
    ["/access/acl", [{ path: "vms", type: "user", ugid: "a@pve", roleid: "R" }], "data[0].path"],
    ["/access/acl", [{ path: "/", type: "robot", ugid: "a@pve", roleid: "R" }], "data[0].type"],
    ["/access/permissions", [1], "data"],
    ["/access/permissions", { "/": { "Sys.Audit": 2 } }, "data./.Sys.Audit"],
    ["/access/domains", [{ realm: "" }], "data[0].realm"],
    ["/pools", [{ poolid: "a/b/c/d" }], "data[0].poolid"],
    ["/pools?poolid=a", [], "data"],
    ["/pools?poolid=a", [{ members: 1 }], "data[0].members"],
    ["/pools?poolid=a", [{ members: [{ vmid: 7 }] }], "data[0].members[0].vmid"],
    ["/pools?poolid=a", [{ members: [{ storage: "/" }] }], "data[0].members[0].storage"],
  ])("%s %j: %s", async (path, answer, place) => {
    const reads = path.includes("?") ? { "/pools": [{ poolid: "a" }] } : {};
    const error: unknown = await live({ ...reads, [path]: answer }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: "malformed",
      path: path.replace(/\?.*/u, ""),
      words: expect.stringContaining(`${place} is not`),
    });
  });
});
