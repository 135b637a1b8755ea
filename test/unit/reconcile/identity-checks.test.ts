import { describe, expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { ApiError } from "../../../src/proxmox/api-error.ts";
import {
  applyingChecks,
  loginChecks,
  loginFailure,
  readingChecks,
  releaseCheck,
} from "../../../src/reconcile/identity-checks.ts";
import { aToken, aTokenId, aUser } from "../../support/builders.ts";
import { aDesiredState, aLiveState, aPrivilege, type TerseLive } from "../../support/desired-builders.ts";

const caller = aTokenId("rolecall@pve!gitops");
const nowSeconds = Date.UTC(2026, 0, 1) / 1000;
const soon = nowSeconds + 3 * 24 * 60 * 60;
const codes = (checks: readonly { readonly status: string; readonly code: string }[]): readonly string[] =>
  checks.map(({ status, code }) => `${status} ${code}`);

test.each([
  ["7.4-16", "ok release-supported"],
  ["8.4.5", "ok release-supported"],
  ["9.2.11", "ok release-supported"],
  ["6.4-15", "error release-unknown"],
  ["10.0.1", "warning release-unknown"],
])("release %s", (version, expected) => expect(codes([releaseCheck(version)])).toEqual([expected]));

test.each<[string, TerseLive, readonly string[]]>([
  ["never", { users: ["rolecall@pve"], tokens: [aToken(caller)] }, ["ok login-accepted"]],
  [
    "the token's end is near",
    { users: ["rolecall@pve"], tokens: [aToken(caller, { expire: soon })] },
    ["ok login-accepted", "warning login-expiring"],
  ],
  [
    "its owner's is",
    { users: [aUser("rolecall@pve", { expire: soon })], tokens: [aToken(caller)] },
    ["ok login-accepted", "warning login-expiring"],
  ],
])("who could log in: %s", (_, live, expected) => {
  expect(codes(loginChecks(caller, "apply", aLiveState(live), nowSeconds))).toEqual(expected);
});

test("who could not: refused is told from everything else", () => {
  const request = { method: "GET", path: "/version" };
  const failures = (["unauthenticated", "malformed"] as const).map((kind) =>
    loginFailure(caller, "plan", new ApiError(kind, request, { words: "no" })),
  );
  expect(codes(failures)).toEqual(["error login-refused", "error login-malformed"]);
  expect(failures.map(({ hint }) => hint !== undefined)).toEqual([true, false]);
});

test("each list that may be short, with what would prove it whole", () => {
  const live = aLiveState();
  expect(codes(readingChecks(caller, "plan", live))).toEqual(["ok read-whole"]);
  const incomplete = (["users", "acl"] as const).map((list) => ({
    list,
    privilege: aPrivilege("Sys.Audit"),
    path: pve.normalizeAclPath("/access"),
  }));
  const short = readingChecks(caller, "plan", { ...live, incomplete });
  expect(codes(short)).toEqual(["error incomplete-read", "error incomplete-read"]);
});

describe("whether who applies holds what the manifests can need", () => {
  const token = aToken(caller, { privilegeSeparation: false });
  const desired = aDesiredState({
    users: { "joe@pve": {} },
    acl: [["/vms", "user:joe@pve", ["PVEAuditor"]]],
  });
  const everything: TerseLive = {
    users: ["rolecall@pve"],
    tokens: [token],
    acl: [["/", "user:rolecall@pve", "Administrator"]],
  };
  const check = (live: TerseLive): readonly string[] =>
    applyingChecks({ desired, caller, superuser: pve.superuser, live: aLiveState(live), nowSeconds }).map(
      ({ status, code, message }) =>
        [status, code, / lacks (.*), which /u.exec(message)?.[1]].filter(Boolean).join(" "),
    );

  test.each<[string, TerseLive, readonly string[]]>([
    ["an administrator does", everything, ["ok privileges-held"]],
    [
      "a deeper entry takes it away, on what is below too",
      {
        ...everything,
        acl: [...(everything.acl ?? []), ["/access/groups/ops", "user:rolecall@pve", "NoAccess"]],
      },
      ["warning missing-privilege Sys.Audit on /access/groups and below"],
    ],
    [
      "one who may only look lacks the rest",
      {
        ...everything,
        acl: [
          ["/access", "user:rolecall@pve", "PVEAuditor"],
          ["/pool", "user:rolecall@pve", "PVEAuditor"],
        ],
      },
      [
        "warning missing-privilege Permissions.Modify on /vms",
        "warning missing-privilege Realm.AllocateUser on /access/realm/pve",
        "warning missing-privilege User.Modify on /access/groups",
      ],
    ],
    ["who is not there can't", { users: ["rolecall@pve"] }, ["error caller-unusable"]],
    [
      "nor who is disabled",
      { ...everything, users: [aUser("rolecall@pve", { enabled: false })] },
      ["error caller-unusable"],
    ],
  ])("%s", (_, live, expected) => expect(check(live)).toEqual(expected));
});
