import { expect, test } from "@jest/globals";
import { hintFor } from "../../../src/render/hints.ts";

test.each([
  ["create user failed: change password failed: user 'anna' does not exist", /Unix account.*anna.*anna@pve/u],
  ["can't set password on auth type 'openid'", /openid/u],
  [
    "Permission check failed (/vms/100, Permissions.Modify|VM.Allocate)",
    /Permissions\.Modify or VM\.Allocate on \/vms\/100/u,
  ],
  ["update pools failed: 403 Permission check failed", /privileges/u],
  ["create group failed: cfs-lock 'file-user_cfg' error: got lock request timeout", /nothing was written/u],
  ["create group failed: cfs-lock 'file-user_cfg' error: no quorum!", /quorum/u],
  ["Authentication failed!", /credentials/u],
  ["URI '/access/password' not available with API token, need proper ticket.", /password/u],
  ["invalid format - invalid privilege 'VM.Monitor'", /VM\.Monitor.*optionalPrivileges/u],
  ["create user failed: user 'u1@pve' already exists", /plan again/u],
  ["ACL update failed: role 'Nope' does not exist", /plan again/u],
  ["update user failed: no such group 'nope'", /plan again/u],
  ["update pools failed: pool 'dev' does not exist", /plan again/u],
  [
    "update pools failed: VM 900 belongs already to pool 'old' and 'allow-move' is not set",
    /guest 900.*pool old.*by hand/u,
  ],
  ["delete pool failed: pool 'dev' is not empty (contains VM 100)", /VM 100 came into pool dev/u],
  ["create user failed: auth domain 'ghost' does not exist", /realm ghost/u],
])("%s", (words, hint) => {
  expect(hintFor(words)).toMatch(hint);
});

test("words that speak for themselves get none", () => {
  expect(hintFor("Parameter verification failed.")).toBeUndefined();
});
