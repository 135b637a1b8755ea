import { describe, expect, test } from "@jest/globals";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import type { UserCfg } from "../../../src/usercfg/user-cfg.ts";
import { aGroupId, aRoleId, aTokenId, aUserId } from "../../support/builders.ts";

const release = releaseOf("9.2.11")!;
const parse = (...lines: readonly string[]): UserCfg => parseUserCfg(lines.join("\n"), release);
const userIn = (cfg: UserCfg, id: string) => cfg.users.get(aUserId(id));
const rows = ({ acl }: UserCfg): string[] =>
  [...acl].flatMap(([path, node]) =>
    [...node].flatMap(([key, { roles }]) => [...roles].map((row) => [path, key, ...row].join(" "))),
  );

test("an empty file has the superuser and nothing else", () => {
  const cfg = parse("", "  ", "# comment", "unknown:line");
  expect([...cfg.users.keys()]).toEqual(["root@pam"]);
  expect(cfg.groups.size + cfg.roles.size + cfg.pools.size + cfg.acl.size).toBe(0);
});

describe("users", () => {
  test("have what their line says", () => {
    const cfg = parse("user:joe@pve:1:4102444800:Joe:Doe:joe@example.com:on%3A call:x!oath:");
    expect(userIn(cfg, "joe@pve")).toEqual({
      enabled: true,
      expire: 4102444800,
      firstName: "Joe",
      lastName: "Doe",
      email: "joe@example.com",
      comment: "on: call",
      keys: "x!oath",
      tokens: new Map(),
      groups: new Set(),
    });
  });

  test("have an empty email only where something follows it", () => {
    expect(userIn(parse("user:joe@pve:1:0::::::"), "joe@pve")).not.toHaveProperty("email");
    expect(userIn(parse("user:joe@pve:1:0::::note::"), "joe@pve")).toHaveProperty("email", "");
  });

  test.each([
    ["a name with a blank", "user:bad user@pve:1:0:::::"],
    ["no realm", "user:bad:1:0:::::"],
    ["an expiry that is no number", "user:bad@pve:1:abc:::::"],
    ["an expiry that the server wrote and cannot read", "user:bad@pve:1:1e+20:::::"],
  ])("with %s are ignored", (_, line) => {
    expect(parse(line).users.size).toBe(1);
  });

  test("lose tokens and memberships to a second line of theirs", () => {
    const cfg = parse("user:joe@pve:1", "token:joe@pve!tk:0:1::", "group:ops:joe@pve::", "user:joe@pve:0");
    expect(userIn(cfg, "joe@pve")).toMatchObject({ enabled: false, tokens: new Map(), groups: new Set() });
    expect(cfg.groups.get(aGroupId("ops"))?.members.has(aUserId("joe@pve"))).toBe(true);
  });

  test("may have names of any byte", () => {
    expect(userIn(parse("user:\xfcn\xefcode@pve:1:0:"), "ünïcode@pve")).toBeDefined();
  });
});

describe("tokens", () => {
  test("belong to a user above them", () => {
    const cfg = parse("token:joe@pve!early:0:1::", "user:joe@pve:1:0:", "token:joe@pve!late:9:0:c:");
    const token = { privilegeSeparation: false, expire: 9, comment: "c" };
    expect(userIn(cfg, "joe@pve")?.tokens).toEqual(new Map([[aTokenId("joe@pve!late"), token]]));
  });

  test.each(["token:joe@pve!x:0:1::", "token:joe@pve:0:1::", "token:joe@pve!tk:never:1::"])(
    "%s is ignored",
    (line) => {
      expect(userIn(parse("user:joe@pve:1:0:", line), "joe@pve")?.tokens.size).toBe(0);
    },
  );

  test("keep the comment of an earlier line where a later one has none", () => {
    const cfg = parse("user:joe@pve:1:0:", "token:joe@pve!tk:0:1:first:", "token:joe@pve!tk:5:0::");
    const token = { privilegeSeparation: false, expire: 5, comment: "first" };
    expect(userIn(cfg, "joe@pve")?.tokens.get(aTokenId("joe@pve!tk"))).toEqual(token);
  });
});

describe("groups", () => {
  test("keep members that do not exist", () => {
    const cfg = parse("user:joe@pve:1:0:", "group:ops:joe@pve,ghost@pve,bad:day shift:");
    const group = { comment: "day shift", members: new Set(["joe@pve", "ghost@pve"]) };
    expect(cfg.groups.get(aGroupId("ops"))).toEqual(group);
    expect(userIn(cfg, "joe@pve")?.groups).toEqual(new Set(["ops"]));
  });

  test("add up over lines", () => {
    const cfg = parse("group:ops:a@pve:first:", "group:ops:b@pve::", "group:0:a@pve::");
    const group = { comment: "first", members: new Set(["a@pve", "b@pve"]) };
    expect([...cfg.groups]).toEqual([["ops", group]]);
  });
});

describe("roles", () => {
  test("lose what the release does not know", () => {
    const line = "role:Old:VM.Monitor,VM.Audit,VM.GuestAgent.Audit,Bogus:";
    const privilegesIn = (version: string) =>
      parseUserCfg(line, releaseOf(version)!).roles.get(aRoleId("Old"));
    expect(privilegesIn("9.2.11")).toEqual(new Set(["VM.Audit", "VM.GuestAgent.Audit"]));
    expect(privilegesIn("8.4")).toEqual(new Set(["VM.Monitor", "VM.Audit"]));
  });

  test("may be empty, and are custom", () => {
    expect([...parse("role:Empty::", "role:PVEAdmin:VM.Audit:", "role:bad role:VM.Audit:").roles]).toEqual([
      ["Empty", new Set()],
    ]);
  });
});

describe("pools", () => {
  const poolsOf = (...lines: readonly string[]) => Object.fromEntries(parse(...lines).pools);

  test("bring their parents", () => {
    expect(Object.keys(poolsOf("pool:a/b/c::102::"))).toEqual(["a", "a/b", "a/b/c"]);
  });

  test("share storages and no guests", () => {
    const { one, two } = poolsOf("pool:one:c:100,101,x1:local,!bad:", "pool:two::101,0102:local:");
    expect(one).toEqual({ comment: "c", vms: new Set([100, 101]), storages: new Set(["local"]) });
    expect(two).toEqual({ vms: new Set([102]), storages: new Set(["local"]) });
  });

  test.each(["pool:a/b/c/d:::", "pool:/a:::", "pool:a//b:::", "pool:b d:::", "pool:0:::"])(
    "%s is ignored",
    (line) => {
      expect(parse(line).pools.size).toBe(0);
    },
  );
});

describe("the ACL", () => {
  const known = ["user:joe@pve:1:0:", "token:joe@pve!tk:0:1::", "group:ops:joe@pve::", "role:R1::"];

  test.each([
    ["each subject with each role", "acl:1:/vms:joe@pve,@ops:R1,PVEAuditor:", 4],
    ["users and groups that do not exist", "acl:1:/vms:ghost@pve,@ghosts:R1:", 2],
    ["a token", "acl:1:/vms:joe@pve!tk:R1:", 1],
    ["no token that does not exist", "acl:1:/vms:joe@pve!gone,ghost@pve!tk:R1:", 0],
    ["no role that does not exist", "acl:1:/vms:joe@pve:Gone,R1:", 1],
    ["no path with odd signs", "acl:1:/vms/!bad:joe@pve:R1:", 0],
    ["a path that the API would refuse", "acl:1:/bogus/path:joe@pve:R1:", 1],
    ["nothing that is no subject", "acl:1:/vms:joe,@:R1:", 0],
  ])("knows %s", (_, line, count) => {
    expect(rows(parse(...known, line))).toHaveLength(count);
  });

  test("has paths in normal form", () => {
    const paths = ["vms/100/", "//vms//100", "/vms/0/100", "/vms/100"];
    const cfg = parse(...known, ...paths.map((path) => `acl:1:${path}:joe@pve:R1:`));
    expect(rows(cfg)).toEqual(["/vms/100 user:joe@pve R1 true"]);
  });

  test("lets the last line say whether a row propagates", () => {
    const cfg = parse(...known, "acl:1:/vms:joe@pve:R1:", "acl:0:/vms:joe@pve:R1:");
    expect(rows(cfg)).toEqual(["/vms user:joe@pve R1 false"]);
  });

  test("refers to what stands above it", () => {
    expect(rows(parse("acl:1:/:joe@pve!tk:R1:", "acl:1:/:joe@pve:R1:", ...known))).toEqual([]);
  });

  test("has the entries of the superuser, until the next write", () => {
    expect(rows(parse("acl:1:/vms:root@pam:PVEAdmin:"))).toEqual(["/vms user:root@pam PVEAdmin true"]);
  });
});
