import { describe, expect, test } from "@jest/globals";
import type { AccessState } from "../../../src/model/access-state.ts";
import type { Plan, Write } from "../../../src/plan/plan.ts";
import { lostForEver, takenAlong } from "../../../src/render/consequences.ts";
import { poolFeaturesOf } from "../../../src/model/pool-features.ts";
import { aGroupId, aPoolId, aRealm, aRoleId, aState, aTokenId, aUserId } from "../../support/builders.ts";
import { aDelivery } from "../../support/desired-builders.ts";
import { emptyPlan } from "../../support/story-plan.ts";

const before = aState({
  users: ["joe@pve", "unix@pam", "anna@corp", "odd@gone"],
  groups: { ops: ["joe@pve"], devs: ["joe@pve", "anna@corp"] },
  roles: { Mine: [] },
  tokens: ["joe@pve!t1"],
  acl: [
    ["/vms", "user:joe@pve", "Mine"],
    ["/", "token:joe@pve!t1", "PVEAuditor"],
    ["/pool/a", "group:devs", "Mine"],
  ],
  realms: [aRealm("corp", "ldap")],
});
const deliveries = [aDelivery()];

function planOf(write: Write, state: AccessState = before): Plan {
  return { ...emptyPlan, before: state, operations: [{ changes: [], ...write }] };
}

describe("lost for ever", () => {
  test.each<[Write, string[]]>([
    [
      { kind: "delete-user", id: aUserId("joe@pve") },
      ["password", "second factors", "secret of token joe@pve!t1"],
    ],
    [{ kind: "delete-user", id: aUserId("unix@pam") }, ["second factors"]],
    [{ kind: "delete-user", id: aUserId("anna@corp") }, ["second factors"]],
    [{ kind: "delete-user", id: aUserId("odd@gone") }, ["password", "second factors"]],
    [{ kind: "delete-token", id: aTokenId("joe@pve!t1") }, ["its secret"]],
    [
      { kind: "reissue-token", id: aTokenId("joe@pve!t1"), deliveries },
      ["its present secret (a new one is delivered)"],
    ],
    [{ kind: "delete-group", id: aGroupId("ops") }, []],
    [{ kind: "update-user", id: aUserId("joe@pve"), set: { enabled: false } }, []],
  ])("%j", (write, parts) => {
    expect(lostForEver(planOf(write)).flatMap((lost) => lost.parts)).toEqual(parts);
  });
});

describe("goes along", () => {
  test.each<[Write, string, string[]]>([
    [
      { kind: "delete-user", id: aUserId("joe@pve") },
      "user joe@pve",
      [
        "membership in ops",
        "membership in devs",
        "ACL entry /vms Mine",
        "token joe@pve!t1",
        "ACL entry / PVEAuditor of joe@pve!t1",
      ],
    ],
    [
      { kind: "delete-group", id: aGroupId("devs") },
      "group devs",
      ["membership of anna@corp", "membership of joe@pve", "ACL entry /pool/a Mine"],
    ],
    [
      { kind: "delete-role", id: aRoleId("Mine") },
      "role Mine",
      ["ACL entry /vms user:joe@pve", "ACL entry /pool/a group:devs"],
    ],
    [{ kind: "delete-token", id: aTokenId("joe@pve!t1") }, "token joe@pve!t1", ["ACL entry / PVEAuditor"]],
    [
      { kind: "delete-pool", id: aPoolId("a"), features: poolFeaturesOf("9.2.11") },
      "pool a",
      ["ACL entry /pool/a Mine of group:devs"],
    ],
  ])("%j", (write, object, parts) => {
    expect(takenAlong(planOf(write))).toEqual([{ object, parts }]);
  });

  test("nothing, where nothing hangs on it", () => {
    expect(takenAlong(planOf({ kind: "delete-user", id: aUserId("unix@pam") }))).toEqual([]);
  });
});
