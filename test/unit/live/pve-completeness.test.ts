import { expect, test } from "@jest/globals";

import { pve } from "../../../src/model/pve.ts";
import { readLiveState } from "../../../src/live/pve.ts";
import { allPools, cannedClient, freshReads } from "../../support/canned-reads.ts";

const never = new AbortController().signal;
const audit = { "/access": { "Sys.Audit": 1 }, "/access/groups": { "Sys.Audit": 1 } };
const pools = { "/pool": { "Pool.Audit": 1 } };
const everything = { ...audit, ...pools };
const access = "Sys.Audit on /access";
const poolAudit = "Pool.Audit on /pool";

test.each([
  ["Sys.Audit on /access and Pool.Audit on /pool, both propagated", everything, [], {}],
  ["nothing", {}, [], { users: access, groups: access, acl: access, pools: poolAudit }],
  ["Sys.Audit alone", audit, [], { pools: poolAudit }],
  ["Pool.Audit alone", pools, [], { users: access, groups: access, acl: access, pools: access }],
  [
    "Sys.Audit on /access only",
    { "/access": { "Sys.Audit": 0 }, ...pools },
    [],
    { users: access, groups: access },
  ],
  [
    "Sys.Audit not below /access/groups",
    { ...everything, "/access/groups": { "Sys.Audit": 0 } },
    ["/access/groups"],
    { groups: "Sys.Audit on /access/groups" },
  ],
  [
    "User.Modify in its place below /access/groups",
    { ...everything, "/access/groups": { "User.Modify": 1 } },
    ["/access/groups"],
    {},
  ],
  [
    "Group.Allocate there, which shows groups and no users",
    { ...everything, "/access/groups": { "Group.Allocate": 1 } },
    ["/access/groups"],
    { users: "Sys.Audit on /access/groups" },
  ],
  [
    "User.Modify on the groups, nothing on /access",
    { "/access/groups": { "User.Modify": 1 }, ...pools },
    [],
    { groups: access, acl: access, pools: access },
  ],
  [
    "all of it, but nothing on one group",
    everything,
    ["/access/groups/secret"],
    { groups: "Sys.Audit on /access/groups/secret" },
  ],
  [
    "all of it, and something of it on one group",
    { ...everything, "/access/groups/seen": { "Group.Allocate": 0 } },
    ["/access/groups/seen"],
    {},
  ],
  ["all of it, but nothing on one pool", everything, ["/pool/a"], { pools: "Pool.Audit on /pool/a" }],
  [
    "all of it, on a pool but not on pools in it",
    { ...everything, "/pool/a": { "Pool.Audit": 0 } },
    ["/pool/a"],
    { pools: "Pool.Audit on /pool/a" },
  ],
  [
    "all of it, on the deepest pool only",
    { ...everything, "/pool/a/b/c": { "Pool.Audit": 0 } },
    ["/pool/a/b/c"],
    {},
  ],
  ["all of it, and entries elsewhere", everything, ["/vms/100", "/access/realm/pve", "/pools"], {}],
])("%s", async (_, permissions, paths, expected) => {
  const acl = paths.map((path) => ({ path, type: "user", ugid: "x@pve", roleid: "NoAccess", propagate: 1 }));
  const reads = { ...freshReads, "/access/permissions": permissions, "/access/acl": acl };
  const { incomplete } = await readLiveState(cannedClient(reads), pve, allPools, never);
  const said = incomplete.map(({ list, privilege, path }) => [list, `${privilege} on ${path}`]);
  expect(Object.fromEntries(said)).toEqual(expected);
});
