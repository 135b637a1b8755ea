// What may still follow a write that failed: the order was proved with it, so the rest is judged anew.

import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import type { Write } from "../../../src/plan/plan.ts";
import { aPlan, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";
import { aServer } from "../../support/fake-doors.ts";

async function appliedUnlessRefused(
  desired: TerseDesired,
  live: TerseLive,
  isRefused: (write: Write) => boolean,
): Promise<{ readonly written: readonly string[]; readonly told: Readonly<Record<string, string>> }> {
  const plan = aPlan(desired, live);
  const server = aServer(plan.before, {
    onWrite: (write) => (isRefused(write) ? { kind: "failed" } : undefined),
  });
  const { secrets } = await prepareApply(plan, server.doors);
  const outcomes = await applyPlan(plan, secrets, server.doors, new AbortController().signal);
  const told = outcomes.map(({ change, status }) => [plan.changes[change]?.name ?? "", status] as const);
  return { written: server.log, told: Object.fromEntries(told) };
}

describe("after a failed write", () => {
  test("a role does not grow for somebody who was to lose it", async () => {
    const { told } = await appliedUnlessRefused(
      {
        roles: { R1: ["VM.Audit", "Permissions.Modify"] },
        prune: { acl: true },
        safety: { allowEmpty: ["acl"] },
      },
      {
        users: ["ann@pve"],
        roles: { R1: ["VM.Audit"] },
        acl: [["/vms", "user:ann@pve", "R1"]],
      },
      ({ kind }) => kind === "revoke",
    );
    expect(told).toEqual({ R1: "not-attempted", "/vms user:ann@pve": "failed" });
  });

  test("a group does not get more while somebody is in it who was to leave", async () => {
    const { told } = await appliedUnlessRefused(
      { users: { "ann@pve": { groups: [] } }, groups: { g: {} }, acl: [["/", "group:g", ["PVEAdmin"]]] },
      { users: ["ann@pve"], groups: { g: ["ann@pve"] } },
      ({ kind }) => kind === "update-user",
    );
    expect(told).toEqual({ "ann@pve": "failed", "/ group:g": "not-attempted" });
  });

  test("a user is disabled although a group that it joins could not be made", async () => {
    const { told, written } = await appliedUnlessRefused(
      { users: { "joe@pve": { enabled: false, groups: ["new"] } }, groups: { new: {} } },
      { users: ["joe@pve"] },
      ({ kind }) => kind === "create-group",
    );
    expect(written).toContain("update-user");
    expect(told).toEqual({ new: "failed", "joe@pve": "failed" });
  });
});
