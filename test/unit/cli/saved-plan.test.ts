import { afterEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differencesFrom, readSavedPlan, savePlan, type SavedPlan } from "../../../src/cli/saved-plan.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { aToken, aTokenId } from "../../support/builders.ts";
import { aDelivery, aPlan, planInstant as now, type TerseDesired } from "../../support/desired-builders.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const id = "ci@pve!deploy";
const day = 86_400;
const live = (expire: number): object => ({ users: ["ci@pve"], tokens: [aToken(id, { expire })] });
const desired: TerseDesired = {
  tokens: {
    [id]: {
      expire: { seconds: 90 * day, renewBeforeSeconds: 15 * day },
      comment: "new",
      repair: "reissue",
      deliveries: [aDelivery()],
    },
  },
};

function reportOf(plan: Plan): TargetReport {
  return { name: "dc1", product: "pve", status: "ok", plan };
}

async function saved(plan: Plan): Promise<SavedPlan> {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-plan-"));
  folders.push(folder);
  await savePlan(join(folder, "plan.json"), [reportOf(plan)]);
  return await readSavedPlan(join(folder, "plan.json"));
}

test("a renewal that was saved is the same some minutes later", async () => {
  const before = await saved(aPlan(desired, live(now + 10 * day)));
  const later = aPlan(desired, live(now + 10 * day), { nowSeconds: now + 900 });
  expect(differencesFrom(before, reportOf(later))).toEqual([]);
});

test("what only apply finds is in no saved plan, and differs from none", async () => {
  const before = await saved(aPlan(desired, live(now + 80 * day)));
  const found = { notInSink: new Set([aTokenId(id)]) };
  const plan = aPlan(desired, live(now + 80 * day), { found });
  expect(plan.operations.map(({ kind }) => kind)).toContain("reissue-token");
  expect(differencesFrom(before, reportOf(plan))).toEqual([]);
});

test("a renewal that became due since is another plan", async () => {
  const before = await saved(aPlan(desired, live(now + 15 * day + 60)));
  const later = aPlan(desired, live(now + 15 * day + 60), { nowSeconds: now + 120 });
  expect(differencesFrom(before, reportOf(later)).join()).toContain("secret");
});
