import { expect, test } from "@jest/globals";

import { ApiError, type ApiErrorKind } from "../../../src/proxmox/api-error.ts";
import { isAlreadyThere, isGone, isMissingPool, memberAsWanted } from "../../../src/proxmox/known-words.ts";

function anError(
  method: string,
  path: string,
  words: string,
  also: { readonly kind?: ApiErrorKind; readonly parameters?: Readonly<Record<string, string>> } = {},
): ApiError {
  return new ApiError(also.kind ?? "failed", { method, path }, { words, parameters: also.parameters ?? {} });
}

test.each([
  ["DELETE", "/access/users/joe%40pve", "no such user ('joe@pve')", true],
  ["DELETE", "/access/users/joe@pve", "delete user failed: no such user ('joe@pve')", true],
  ["PUT", "/access/users/joe%40pve", "update user failed: no such user ('joe@pve')", true],
  ["PUT", "/access/users/joe%40pve", "update user failed: no such group 'ops'", false],
  ["DELETE", "/access/users/a@pve/token/t1", "no such token 't1' for user 'a@pve'", true],
  ["GET", "/access/users/a@pve/token/t1", "no such token 't1' for user 'a@pve'", true],
  ["DELETE", "/access/groups/ops", "delete group failed: group 'ops' does not exist", true],
  ["DELETE", "/access/roles/R", "delete role failed: role 'R' does not exist", true],
  ["PUT", "/access/roles/R", "update role failed: role 'R' does not exist", true],
  ["DELETE", "/pools", "delete pool failed: pool 'a/b' does not exist", true],
  [
    "DELETE",
    "/access/domains/x",
    "delete auth server failed: authentication domain 'x' does not exist",
    true,
  ],
  ["PUT", "/access/acl", "ACL update failed: role 'Nope' does not exist", false],
  ["POST", "/access/users", "create user failed: no such group 'ops'", false],
  ["DELETE", "/access/users/joe%40pve", "delete user failed: something else", false],
])("%s %s, %j: gone is %s", (method, path, words, expected) => {
  expect(isGone(anError(method, path, words))).toBe(expected);
});

test.each<["in" | "out", string, unknown]>([
  ["in", "update pools failed: VM 100 is already a pool member", { vm: 100 }],
  ["in", "update pools failed: Storage 'nas' is already a pool member", { storage: "nas" }],
  ["out", "update pools failed: VM 100 is not a pool member", { vm: 100 }],
  ["out", "update pools failed: Storage 'nas' is not a pool member", { storage: "nas" }],
  ["in", "update pools failed: VM 100 is not a pool member", undefined],
  ["out", "update pools failed: VM 100 is already a pool member", undefined],
  ["in", "update pools failed: VM 100 belongs already to pool 'a' and 'allow-move' is not set", undefined],
])("on the way %s, %j", (way, words, member) => {
  expect(memberAsWanted(anError("PUT", "/pools", words), way)).toEqual(member);
});

test.each([
  ["a", "pool 'a' does not exist", true],
  ["b", "pool 'a' does not exist", false],
  ["a", "no quorum", false],
])("pool %s is missing where it is said that %s: %s", (pool, words, expected) => {
  expect(isMissingPool(anError("GET", "/pools", words), pool)).toBe(expected);
});

test("a refusal that mentions it is not its absence", () => {
  expect(
    isGone(anError("DELETE", "/access/users/x@pve", "no such user ('x@pve')", { kind: "forbidden" })),
  ).toBe(false);
});

test.each([
  [anError("POST", "/access/users", "create user failed: user 'joe@pve' already exists"), true],
  [anError("POST", "/access/groups", "create group failed: group 'g1' already exists"), true],
  [anError("POST", "/access/roles", "create role failed: role 'r1' already exists"), true],
  [
    anError("POST", "/access/users/a@pve/token/t1", "Parameter verification failed.", {
      kind: "invalid",
      parameters: { tokenid: "Token already exists." },
    }),
    true,
  ],
  [anError("PUT", "/pools", "update pools failed: VM 100 is already a pool member"), false],
  [anError("POST", "/access/users", "Parameter verification failed.", { kind: "invalid" }), false],
])("%s: already there is %s", (error, expected) => {
  expect(isAlreadyThere(error)).toBe(expected);
});
