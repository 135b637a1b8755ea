import { describe, expect, test } from "@jest/globals";
import { findProgramsOff } from "../../../src/guard/programs-off.ts";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import { aDelivery, aPlan } from "../../support/desired-builders.ts";

const program = { kind: "exec", name: "hook", command: "./store.sh", args: [], timeoutMs: 1 } as const;
const toProgram: SecretDelivery = { ...aDelivery(), sink: program };

function planOf(...deliveries: SecretDelivery[]): ReturnType<typeof aPlan> {
  return aPlan({ users: { "ci@pve": {} }, tokens: { "ci@pve!deploy": { deliveries } } });
}

describe("exec-off", () => {
  test("says of a secret that goes to a program that apply will ask for --allow-exec", () => {
    const plan = planOf(aDelivery(), toProgram);
    const [finding, ...others] = findProgramsOff(plan, false);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: "warning",
      code: "exec-off",
      message: expect.stringMatching(/hook.*store\.sh.*--allow-exec/u),
    });
    expect(finding?.changes.map((index) => plan.changes[index]?.name)).toContain("ci@pve!deploy");
  });

  test.each([
    ["programs may be started", planOf(toProgram), true],
    ["no secret goes to one", planOf(aDelivery()), false],
  ])("says nothing where %s", (_, plan, allowExec) => {
    expect(findProgramsOff(plan, allowExec)).toEqual([]);
  });
});
