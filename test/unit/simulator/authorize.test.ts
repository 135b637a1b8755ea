import { describe, expect, test } from "@jest/globals";
import type { AuthId } from "../../../src/model/ids.ts";
import { authorize } from "../../../src/simulator/authorize.ts";
import type { Permission } from "../../../src/simulator/calls/endpoint.ts";
import { setUpHost, type Host } from "../../../src/simulator/host.ts";
import { profileOf } from "../../../src/simulator/profile.ts";
import { Refusal } from "../../../src/simulator/refusal.ts";
import { openMemoryStore } from "../../../src/simulator/store.ts";
import { openTicketOffice } from "../../../src/simulator/tickets.ts";
import { aTokenId, aUserId } from "../../support/builders.ts";

const userCfg = `
user:joe@pve:1:0::::::
token:joe@pve!own:0:0::
user:kim@pve:1:0::::::
user:lead@pve:1:0::::::
user:pools@pve:1:0::::::
group:devs:joe@pve,lead@pve::
group:ops:kim@pve::
pool:p1::100::
acl:1:/access/groups/devs:lead@pve:PVEUserAdmin:
acl:1:/access/realm/pve:lead@pve:PVEUserAdmin:
acl:1:/pool/p1:pools@pve:PVEVMAdmin:
`;

function aHost(): Host {
  return setUpHost({
    profile: profileOf("9.2.11")!,
    store: openMemoryStore({ "user.cfg": userCfg }),
    unixAccounts: new Map(),
    directories: {},
    guests: new Set(),
    storages: [],
    tickets: openTicketOffice(() => 0),
    now: () => 0,
  });
}

/** What the server says, or undefined where the call may go on. */
function refusalFor(
  caller: AuthId | undefined,
  permission: Permission,
  texts: Readonly<Record<string, string>> = {},
): string | undefined {
  try {
    authorize(permission, { host: aHost(), caller, texts: new Map(Object.entries(texts)) });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return `${String(error.status)} ${error.message.trim()}`;
    throw error;
  }
}

const lead = aUserId("lead@pve");
const joe = aUserId("joe@pve");
const root = aUserId("root@pam");
const modifyUsers = (groups?: "create" | "update"): Permission => ({
  kind: "user-groups",
  privileges: ["User.Modify"],
  ...(groups !== undefined && { groups }),
});
const ownOrModify: Permission = { kind: "either", of: [{ kind: "self" }, modifyUsers()] };

describe("who administers one group", () => {
  test.each<[string, Permission, Record<string, string>, string | undefined]>([
    ["its members", modifyUsers(), { userid: "joe@pve" }, undefined],
    ["others", modifyUsers(), { userid: "kim@pve" }, "403 Permission check failed"],
    ["nobody", modifyUsers(), { userid: "none@pve" }, "500 no such user ('none@pve')"],
    ["new members", modifyUsers("create"), { userid: "new@pve", groups: "devs" }, undefined],
    [
      "new members of others",
      modifyUsers("create"),
      { userid: "new@pve", groups: "devs,ops" },
      "403 Permission check failed (/access/groups/ops, User.Modify)",
    ],
    [
      "members, without naming a group",
      modifyUsers("update"),
      { userid: "joe@pve" },
      "403 Permission check failed (/access/groups, User.Modify)",
    ],
    [
      "others into the group",
      modifyUsers("update"),
      { userid: "kim@pve", groups: "devs" },
      "403 Permission check failed",
    ],
    ["an id that is none", modifyUsers(), { userid: "x" }, "500 user name 'x' is too short"],
  ])("%s", (_, permission, texts, expected) => {
    expect(refusalFor(lead, permission, texts)).toBe(expected);
  });
});

describe("oneself", () => {
  test("is the user, not a token of theirs, though it has all the owner's privileges", () => {
    expect(refusalFor(joe, ownOrModify, { userid: "joe@pve" })).toBeUndefined();
    expect(refusalFor(aTokenId("joe@pve!own"), ownOrModify, { userid: "joe@pve" })).toBe(
      "403 Permission check failed",
    );
  });

  test("an `every` within an `either` tells what is lacking", () => {
    const permission: Permission = {
      kind: "either",
      of: [{ kind: "self" }, { kind: "every", of: [{ kind: "allocate-user" }, modifyUsers()] }],
    };
    expect(refusalFor(joe, permission, { userid: "kim@pve" })).toBe(
      "403 Permission check failed (/access/realm/pve, Realm.AllocateUser)",
    );
  });
});

describe("the ACL of a path", () => {
  const pools = aUserId("pools@pve");
  test.each([
    ["/vms/100", undefined],
    ["//vms//100/", undefined],
    ["/vms/101", "403 Permission check failed (/vms/101, Permissions.Modify|VM.Allocate)"],
    ["/pool/p1", "403 Permission check failed (/pool/p1, Permissions.Modify|Pool.Allocate)"],
    ["/storage/local", "403 Permission check failed (/storage/local, Permissions.Modify|Datastore.Allocate)"],
    ["/vms", "403 Permission check failed (/vms, Permissions.Modify)"],
    ["no path!", undefined],
  ])("%s", (path, expected) => {
    expect(refusalFor(pools, { kind: "modify-acl" }, { path })).toBe(expected);
  });
});

test("the superuser may do everything, its tokens what they have", () => {
  const permission: Permission = { kind: "privileges", path: "/access", privileges: ["Sys.Modify"] };
  expect(refusalFor(root, permission)).toBeUndefined();
  expect(refusalFor(aTokenId("root@pam!none"), permission)).toBe(
    "403 Permission check failed (/access, Sys.Modify)",
  );
  expect(refusalFor(undefined, { kind: "world" })).toBeUndefined();
  expect(refusalFor(undefined, permission)).toMatch(/^403/u);
});
