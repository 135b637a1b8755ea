import { describe, expect, test } from "@jest/globals";
import { findPause } from "../../../src/guard/paused.ts";
import { aGroup } from "../../support/builders.ts";
import { aPlan } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const pulled = [aGroup("rolecall-pause", ["joe@pve"])];
const wanted = { groups: { ops: {} } };

describe("the switch on the target", () => {
  test("refuses what would write, and approval lets one run pass", () => {
    expect(foundOf("paused", judge(wanted, { groups: pulled }))).toMatchObject([{ severity: "error" }]);
    const approved = judge(wanted, { groups: pulled }, { approvals: new Map([["paused", undefined]]) });
    expect(foundOf("paused", approved)).toMatchObject([{ severity: "warning" }]);
  });

  test("is no mistake where nothing would be written, or where somebody only looks", () => {
    expect(findPause(aPlan({}, { groups: pulled }), "error")).toMatchObject([{ severity: "warning" }]);
    expect(findPause(aPlan(wanted, { groups: pulled }), "warning")).toMatchObject([{ severity: "warning" }]);
    expect(findPause(aPlan(wanted, { groups: [aGroup("rolecall-pause-2")] }), "error")).toEqual([]);
  });

  test("is neither pruned, counted, listed, nor are its members moved", () => {
    const plan = aPlan(
      { prune: true, ...wanted, users: { "joe@pve": { groups: [] } } },
      { groups: [...pulled, aGroup("ops")], users: ["joe@pve"] },
    );
    expect([plan.changes, plan.unmanaged, plan.inScope.Group]).toEqual([[], [], 1]);
  });
});
