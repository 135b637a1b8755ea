import { describe, expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { poolFeaturesOf } from "../../../src/model/pool-features.ts";
import type { Write } from "../../../src/plan/plan.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import { pveumLine } from "../../../src/render/pveum.ts";
import {
  aGroup,
  aGroupId,
  aPoolId,
  aRealmId,
  aRole,
  aRoleId,
  aSubject,
  aTokenId,
  aUser,
  aUserId,
} from "../../support/builders.ts";
import { aDelivery } from "../../support/desired-builders.ts";

function lineOf(write: Write): string {
  return pveumLine({ changes: [], ...write }, requestFor(write));
}

const deliveries = [aDelivery()];
const features = poolFeaturesOf("9.2.11");

describe("each write has its line", () => {
  test.each<[Write, string]>([
    [{ kind: "delete-user", id: aUserId("joe@pve") }, "pveum user delete joe@pve"],
    [{ kind: "delete-group", id: aGroupId("ops") }, "pveum group delete ops"],
    [{ kind: "update-group", id: aGroupId("ops"), comment: "" }, "pveum group modify ops --comment ''"],
    [{ kind: "update-role", role: aRole("R", []) }, "pveum role modify R --privs ''"],
    [{ kind: "delete-role", id: aRoleId("R") }, "pveum role delete R"],
    [
      { kind: "create-pool", pool: { id: aPoolId("a/b"), comment: "two words" } },
      "pveum pool add a/b --comment 'two words'",
    ],
    [
      {
        kind: "update-pool",
        id: aPoolId("a/b"),
        members: { way: "in", vms: [101], storages: ["nas"], moved: [{ vm: 100, from: aPoolId("c") }] },
        features,
      },
      "pveum pool modify a/b --vms 100,101 --storage nas --allow-move 1",
    ],
    [
      {
        kind: "update-pool",
        id: aPoolId("a"),
        comment: "",
        members: { way: "out", vms: [100], storages: [] },
        features: poolFeaturesOf("7.4-16"),
      },
      "pveum pool modify a --comment '' --vms 100 --delete 1",
    ],
    [
      {
        kind: "update-realm",
        id: aRealmId("corp"),
        type: "ldap",
        expected: {},
        set: { tfa: "id=1,type=yubico" },
        remove: [],
        secrets: { "tfa-key": { source: "file", path: "secrets/a key" } },
        checksConnection: true,
      },
      `pveum realm modify corp --tfa id=1,type=yubico,key="$(cat -- 'secrets/a key')" --check-connection 1`,
    ],
    [{ kind: "delete-pool", id: aPoolId("a/b"), features }, "pveum pool delete a/b"],
    [{ kind: "delete-token", id: aTokenId("a!b@pve!ci") }, "pveum user token remove 'a!b@pve' ci"],
    [
      { kind: "reissue-token", id: aTokenId("ci@pve!d1"), deliveries, liveExpire: 5 },
      'pveum user token modify ci@pve d1 --regenerate 1 --expire "$(($(date +%s) + 3600))"',
    ],
    [
      {
        kind: "revoke",
        path: pve.normalizeAclPath("/"),
        subjects: [aSubject("token:ci@pve!d1")],
        roles: [aRoleId("PVEAdmin")],
      },
      "pveum acl delete / --roles PVEAdmin --tokens 'ci@pve!d1'",
    ],
    [
      {
        kind: "create-user",
        user: aUser("joe@pve"),
        groups: [],
        password: { kind: "given", from: { source: "file", path: "joe's.txt" } },
      },
      `pveum user add joe@pve --enable 1 --password "$(cat -- 'joe'\\''s.txt')"`,
    ],
  ])("%j", (write, line) => {
    expect(lineOf(write)).toBe(line);
  });
});

describe("quoting", () => {
  test.each([
    ["it's", "'it'\\''s'"],
    ["$(reboot) `id` \\ !", "'$(reboot) `id` \\ !'"],
    ["\u001b[2J'\\", "$'\\x1b[2J\\'\\\\'"],
    ["\u0085\u202e\u{e0041}", "$'\\u0085\\u202e\\U000e0041'"],
    ["two\nlines", "$'two\\x0alines'"],
    ["~root", "'~root'"],
  ])("%j", (comment, quoted) => {
    expect(lineOf({ kind: "update-group", id: aGroupId("g"), comment })).toBe(
      `pveum group modify g --comment ${quoted}`,
    );
  });

  test("an id that begins with a dash is no option", () => {
    expect(lineOf({ kind: "create-group", group: aGroup("-x", [], "c") })).toBe(
      "pveum group add --comment c -- -x",
    );
  });
});
