// Orders that no fixed sequence of phases finds, and how far the temporary roles reach.

import { describe, expect, test } from "@jest/globals";
import { aPlan } from "../../support/desired-builders.ts";
import type { Plan } from "../../../src/plan/plan.ts";

function codesOf(plan: Plan): readonly string[] {
  return plan.findings.map(({ code }) => code).filter((code) => code.startsWith("transient"));
}

/** On each of some paths, a token and its owner exchange their roles: nobody but a temporary role can carry that. */
function crossings(count: number): Plan {
  const paths = Array.from({ length: count }, (_, index) => `/vms/${100 + index}`);
  return aPlan(
    {
      prune: { acl: true },
      acl: paths.flatMap((path) => [
        [path, "user:ida@pve", ["Power"]] as const,
        [path, "token:ida@pve!sync", ["Disk"]] as const,
      ]),
    },
    {
      users: ["ida@pve"],
      roles: { Disk: ["VM.Audit", "VM.Config.Disk"], Power: ["VM.Audit", "VM.PowerMgmt"] },
      tokens: ["ida@pve!sync"],
      acl: paths.flatMap((path) => [
        [path, "user:ida@pve", "Disk"] as const,
        [path, "token:ida@pve!sync", "Power"] as const,
      ]),
    },
  );
}

describe("the order of writes", () => {
  test.each([1, 2, 3, 6])("%d crossings, one after the other, need one temporary role at a time", (count) => {
    const plan = crossings(count);
    expect(codesOf(plan)).toEqual([]);
    const made = plan.operations.filter(({ kind }) => kind === "create-role").length;
    const removed = plan.operations.filter(({ kind }) => kind === "delete-role").length;
    expect([made, removed]).toEqual([count, count]);
    expect(plan.operations.every(({ changes }) => changes.length > 0)).toBe(true);
  });

  test("the caller loses what it is to lose last of all", () => {
    const plan = aPlan(
      {
        acl: [["/", "token:rolecall@pve!gitops", ["PVEAuditor"]]],
        users: { "new@pve": {}, "old@pve": { comment: "x" } },
      },
      {
        users: ["rolecall@pve", "old@pve"],
        tokens: ["rolecall@pve!gitops"],
        acl: [
          ["/", "user:rolecall@pve", "Administrator"],
          ["/", "token:rolecall@pve!gitops", "Administrator"],
        ],
      },
    );
    expect(plan.operations.at(-1)?.kind).toBe("revoke");
    expect(plan.operations.length).toBeGreaterThan(2);
  });
});
