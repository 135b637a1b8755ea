import { describe, expect, test } from "@jest/globals";
import { aRoleId, anEntry } from "../../support/builders.ts";
import {
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

function privilegesAfter(
  desired: TerseDesired["roles"],
  live: TerseLive = {},
): readonly string[] | undefined {
  return aPlan(desired ? { roles: desired } : {}, live).after.roles.get(aRoleId("R"))?.privileges;
}

describe("what a role holds", () => {
  test.each<[string, NonNullable<TerseDesired["roles"]>, TerseLive, readonly string[]]>([
    [
      "its privileges, as a set",
      { R: ["VM.Console", "VM.Audit", "VM.Console"] },
      {},
      ["VM.Audit", "VM.Console"],
    ],
    [
      "optional ones that the server has",
      { R: { privileges: ["VM.Audit"], optionalPrivileges: ["VM.Monitor", "VM.Console"] } },
      { lacks: ["VM.Monitor"] },
      ["VM.Audit", "VM.Console"],
    ],
    ["those of a built-in role", { R: { privileges: [], includes: ["PVEPoolUser"] } }, {}, ["Pool.Audit"]],
    [
      "those of declared roles, as they are declared, through others too",
      {
        R: { privileges: [], includes: ["S"] },
        S: { privileges: ["VM.Audit"], includes: ["T"] },
        T: ["VM.Console"],
      },
      { roles: { T: ["Sys.Audit"] } },
      ["VM.Audit", "VM.Console"],
    ],
    [
      "those of a live role that stays",
      { R: { privileges: [], includes: ["L"] } },
      { roles: { L: ["Sys.Audit"] } },
      ["Sys.Audit"],
    ],
    [
      "those of an ignored role as it is",
      { R: { privileges: [], includes: ["L"] }, L: { privileges: ["VM.Audit"], ensure: "ignored" } },
      { roles: { L: ["Sys.Audit"] } },
      ["Sys.Audit"],
    ],
  ])("%s", (_, desired, live, privileges) => {
    expect(privilegesAfter(desired, live)).toEqual(privileges);
  });

  test("the order in which privileges are written is no change", () => {
    const plan = aPlan(
      { roles: { R: ["VM.Console", "VM.Audit"] } },
      { roles: { R: ["VM.Audit", "VM.Console"] } },
    );
    expect(plan.changes).toEqual([]);
  });

  test.each<[string, TerseDesired, TerseLive, string]>([
    ["nobody has", { roles: { R: { privileges: [], includes: ["X"] } } }, {}, "error reference-unknown"],
    [
      "prune would delete",
      { roles: { R: { privileges: [], includes: ["X"] } }, prune: { roles: true } },
      { roles: { X: [] } },
      "error reference-unmanaged",
    ],
  ])("a role cannot include what %s", (_, desired, live, finding) => {
    expect(findingsOf(aPlan(desired, live))).toEqual([finding]);
  });
});

describe("a privilege that the server does not know", () => {
  const lacks = ["VM.Monitor"];

  test("holds its role and all that depends on it; the rest goes on", () => {
    const plan = aPlan(
      {
        roles: {
          Bad: ["VM.Monitor"],
          Worse: { privileges: ["VM.Audit"], includes: ["Bad"] },
          Good: ["VM.Audit"],
        },
        acl: [
          ["/", "group:ops", ["Good", "Bad"]],
          ["/vms", "group:ops", ["Good"]],
        ],
      },
      { lacks, groups: { ops: [] } },
    );
    expect(changesOf(plan)).toEqual([
      "(create Role Bad)",
      "create Role Good",
      "(create Role Worse)",
      "(create ACL / group:ops)",
      "create ACL /vms group:ops",
    ]);
    expect(findingsOf(plan)).toEqual(["warning privilege-unknown", "warning privilege-unknown"]);
    expect(plan.operations.map(({ kind, changes }) => [kind, changes])).toEqual([
      ["create-role", [1]],
      ["grant", [4]],
    ]);
    expect(plan.after.acl).toEqual([anEntry("/vms", "group:ops", "Good")]);
  });

  test("is named with what does the like", () => {
    const plan = aPlan({ roles: { Bad: ["VM.Monitor"] } }, { lacks });
    expect(plan.findings[0]?.message).toContain("VM.GuestAgent.Audit");
  });

  test("a held grant keeps what it would replace, and the role that this is", () => {
    const plan = aPlan(
      { roles: { New: ["VM.Monitor"] }, acl: [["/", "group:ops", ["New"]]], prune: { roles: true } },
      { lacks, groups: { ops: [] }, roles: { Old: ["VM.Audit"] }, acl: [["/", "group:ops", "Old"]] },
    );
    expect(changesOf(plan)).toEqual(["(create Role New)", "(update ACL / group:ops)", "(delete Role Old)"]);
    expect(plan.operations).toEqual([]);
  });
});
