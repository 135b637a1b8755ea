import { expect, test } from "@jest/globals";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { writeUserCfg } from "../../../src/usercfg/write.ts";
import { aRoleId, aUserId } from "../../support/builders.ts";

const release = releaseOf("9.2.11")!;
const rewrite = (...lines: readonly string[]): string[] =>
  writeUserCfg(parseUserCfg(lines.join("\n"), release)).split("\n");
const rewriteAcl = (...lines: readonly string[]): string[] =>
  rewrite(...lines).filter((line) => line.startsWith("acl:"));

test("sections are there, sorted, whether empty or not", () => {
  expect(rewrite("group:b:::", "group:a:z@pve,y@pve::", "user:joe@pve:1")).toEqual([
    "user:joe@pve:1:0::::::",
    "user:root@pam:1:0::::::",
    "",
    "group:a:y@pve,z@pve::",
    "group:b:::",
    "",
    "",
    "",
    "",
  ]);
});

test("tokens follow their user", () => {
  const lines = rewrite("user:u@pve:1:0:", "user:u2@pve:1", "token:u@pve!bb:1:0:c:", "token:u@pve!aa:0:1::");
  expect(lines.slice(1, 5)).toEqual([
    "user:u2@pve:1:0::::::",
    "user:u@pve:1:0::::::",
    "token:u@pve!aa:0:1::",
    "token:u@pve!bb:1:0:c:",
  ]);
});

test("guests of a pool are sorted as texts", () => {
  expect(rewrite("pool:p::200,1000,99:z1,a1:")).toContain("pool:p::1000,200,99:a1,z1:");
});

test("a node of the ACL stands before what is below it, and that before the next node", () => {
  const paths = ["/vms", "/nodes/n1.x", "/", "/nodes/n1/deep", "/nodes/n1", "/vms/1000", "/vms/200"];
  expect(rewriteAcl(...paths.map((path) => `acl:1:${path}:a@pve:PVEAuditor:`))).toEqual(
    ["/", "/nodes/n1", "/nodes/n1/deep", "/nodes/n1.x", "/vms", "/vms/1000", "/vms/200"].map(
      (path) => `acl:1:${path}:a@pve:PVEAuditor:`,
    ),
  );
});

test("subjects share a line where path, propagate and all roles are the same", () => {
  const lines = [
    "acl:1:/vms:b@pve,@g,a@pve:PVEVMUser,PVEAuditor:",
    "acl:1:/vms:c@pve:PVEAuditor:",
    "acl:0:/vms:c@pve:PVEVMUser:",
  ];
  expect(rewriteAcl(...lines)).toEqual([
    "acl:0:/vms:c@pve:PVEVMUser:",
    "acl:1:/vms:c@pve:PVEAuditor:",
    "acl:1:/vms:@g,a@pve,b@pve:PVEAuditor,PVEVMUser:",
  ]);
});

test("entries of the superuser are not written", () => {
  expect(rewriteAcl("acl:1:/vms:root@pam,a@pve:PVEAdmin:", "acl:1:/:root@pam:PVEAdmin:")).toEqual([
    "acl:1:/vms:a@pve:PVEAdmin:",
  ]);
});

test("what is dead in memory is written, and ignored by the next reading", () => {
  const text = ["role:R1:VM.Audit:", "acl:1:/vms:a@pve:R1:"].join("\n");
  const cfg = parseUserCfg(text, release);
  const roles = new Map(cfg.roles);
  roles.delete(aRoleId("R1"));
  const written = writeUserCfg({ ...cfg, roles });
  expect(written).toContain("acl:1:/vms:a@pve:R1:\n");
  expect(parseUserCfg(written, release).acl.size).toBe(0);
});

test("an expiry too far loses its user at the next reading", () => {
  const written = writeUserCfg(parseUserCfg("user:far@pve:1:99999999999999999999:", release));
  expect(written).toContain("user:far@pve:1:1e+20::::::\n");
  expect(parseUserCfg(written, release).users.has(aUserId("far@pve"))).toBe(false);
});
