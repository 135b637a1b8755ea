import { describe, expect, test } from "@jest/globals";

import { Secret } from "../../../src/model/secret.ts";
import { ApiError } from "../../../src/proxmox/api-error.ts";
import { pveDataFrom } from "../../../src/proxmox/pve-answer.ts";
import type { Answer, ApiRequest } from "../../../src/proxmox/wire.ts";

const write: ApiRequest = { method: "PUT", path: "/access/acl", parameters: { roles: "R" }, safe: false };
const read: ApiRequest = { method: "GET", path: "/access/acl", parameters: {}, safe: true };

function errorOf(request: ApiRequest, answer: Partial<Answer>): ApiError {
  try {
    pveDataFrom(request, { status: 500, reason: "", body: "", ...answer });
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("no error");
}

function body(message: string, errors?: Readonly<Record<string, string>>): string {
  return JSON.stringify({ data: null, message, errors });
}

const lock = "cfs-lock 'file-user_cfg' error: got lock request timeout";
const nested400 =
  "ACL update failed: 400 Parameter verification failed.\nrole: Cannot add role 'A' - requires 'B'";

describe("what an answer means", () => {
  test.each([
    [400, "Parameter verification failed.", "invalid"],
    [401, "No ticket", "unauthenticated"],
    [403, "Permission check failed (/access, Sys.Modify)", "forbidden"],
    [500, "create group failed: group 'g1' already exists", "failed"],
    [500, `create group failed: ${lock}`, "busy"],
    [500, "delete user failed: cfs-lock 'file-user_cfg' error: no quorum!", "cut-off"],
    [500, nested400, "invalid"],
    [500, "update pools failed: 403 Permission check failed (/vms/100, VM.Allocate)", "forbidden"],
    [501, "Method 'GET /x' not implemented", "failed"],
    [506, "upload 'Content-Type 'text/plain' not implemented", "failed"],
    [596, "Broken pipe", "ambiguous"],
    [302, "Found", "malformed"],
  ] as const)("%d %j is %s", (status, text, kind) => {
    const words =
      kind === "malformed"
        ? expect.stringContaining("302")
        : kind === "ambiguous"
          ? `${status} ${text}`
          : text;
    expect(errorOf(write, { status, body: body(`${text}\n`) })).toMatchObject({ kind, status, words });
    // Before release 8.3 the text is in the reason phrase alone, cut at its first line.
    const old = errorOf(write, { status, reason: text.split("\n")[0] ?? "" });
    expect([old.kind, old.status]).toEqual([kind, status]);
  });

  test("a 500 without a word of the API tells nothing of what happened", () => {
    for (const answer of [{}, { reason: "Internal Server Error" }, { body: "<html>", reason: "" }]) {
      expect(errorOf(write, answer).kind).toBe("ambiguous");
      expect(errorOf(read, answer).kind).toBe("unreachable");
    }
    expect(errorOf(write, { reason: "Internal Server Error", body: body("died\n") }).kind).toBe("failed");
  });

  test.each([595, 596, 599, 502, 504])("%d leaves a read where it was", (status) => {
    expect(errorOf(read, { status }).kind).toBe("unreachable");
  });
});

describe("the server's words", () => {
  test.each([
    ["the body before the reason", { body: body("whole\ntext\n\n"), reason: "whole" }, "whole\ntext"],
    ["the reason where the body has none", { body: '{"data":null}', reason: "cut\n" }, "cut"],
    ["the reason where the body is no JSON", { body: "<html>", reason: "Not Found" }, "Not Found"],
    ["the status where there are no words", { body: "", reason: "" }, "HTTP status 500"],
    ["nothing that steers a terminal", { body: body("a\u001b[31mb\u0007") }, "a [31mb"],
  ])("%s", (_, answer, words) => {
    expect(errorOf(write, answer).words).toBe(words);
  });

  test("parameters are said one by one, also where they are nested", () => {
    const direct = { status: 400, body: body("Parameter verification failed.\n", { a: "x\n", b: "y" }) };
    expect(errorOf(write, direct).parameters).toEqual({ a: "x", b: "y" });
    expect(errorOf(write, { body: body(nested400) }).parameters).toEqual({
      role: "Cannot add role 'A' - requires 'B'",
    });
  });

  test("errors of another form are passed over", () => {
    for (const errors of [null, "x", [1], { a: 1 }]) {
      const answer = { status: 400, body: JSON.stringify({ message: "m", errors }) };
      expect(Object.values(errorOf(write, answer).parameters)).toEqual([]);
    }
  });
});

describe("a request with a secret", () => {
  const canary = "kanari-enfugl";
  const withSecret: ApiRequest = {
    method: "POST",
    path: "/access/users",
    parameters: { userid: "joe@pve", password: new Secret(canary) },
    safe: false,
  };

  test.each([
    [
      "its own parameter",
      { status: 400, body: body("Parameter verification failed.", { password: `bad '${canary}'` }) },
    ],
    ["the words", { body: body(`create user failed: ${canary} is no good`) }],
    ["the reason", { reason: `create user failed: ${canary}` }],
    ["half of it in the words", { body: body(`create user failed: ${canary.slice(0, 6)}`) }],
    ["nested", { body: body(`create user failed: 400 Parameter verification failed.\npassword: ${canary}`) }],
    [
      "nested, over a line's end",
      { body: body(`create user failed: 400 Parameter verification failed.\nx: a\n${canary}: b`) },
    ],
  ])("echoed in %s is not repeated", (_, answer) => {
    const error = errorOf(withSecret, answer);
    const said = JSON.stringify([
      error.message,
      error.words,
      error.parameters,
      String(error.stack),
      error.cause,
    ]);
    expect(said).not.toContain(canary.slice(0, 6));
  });

  test.each([
    "create user failed: user 'joe@pve' already exists",
    "create user failed: no such group 'ops'",
    "create user failed: auth domain 'ghost' does not exist",
    "create user failed: change password failed: user 'joe' does not exist",
    "create user failed: can't set password on auth type 'openid'",
    "Permission check failed (/access/realm/pve, Realm.AllocateUser)",
    `create user failed: ${lock}`,
    "invalid credentials",
  ])("keeps what can't hold it: %s", (text) => {
    expect(errorOf(withSecret, { body: body(`${text}\n`) }).words).toBe(text);
  });

  test("keeps what is said of the others, and of its length", () => {
    const errors = { password: "value must be at least 8 characters long", userid: "invalid format" };
    expect(
      errorOf(withSecret, { status: 400, body: body("Parameter verification failed.", errors) }).parameters,
    ).toEqual(errors);
  });
});

test("an answer with a new secret that is cut is not quoted", () => {
  const error = errorOf({ ...write, method: "POST" }, { status: 200, body: '{"data":{"value":"kanari' });
  expect(error.kind).toBe("ambiguous");
  expect(JSON.stringify([error.message, error.cause])).not.toContain("kanari");
});
