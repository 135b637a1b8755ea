import { describe, expect, test } from "@jest/globals";
import { findProgramsOff } from "../../../src/guard/programs-off.ts";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import type { Credentials } from "../../../src/model/target.ts";
import { aDelivery, aDesiredState, aPlan } from "../../support/desired-builders.ts";

const program = {
  kind: "exec",
  name: "hook",
  command: "./store.sh",
  args: [],
  timeoutMs: 1,
  inheritEnv: [],
} as const;
const toProgram: SecretDelivery = { ...aDelivery(), sink: program };

const source = { source: "exec", command: "vault", args: [], timeoutMs: 1, inheritEnv: [] } as const;
const byProgram: Credentials = { kind: "token", id: { text: "rolecall@pve!gitops" }, secret: source };
const { credentials } = aDesiredState().target;

function planOf(...deliveries: SecretDelivery[]): ReturnType<typeof aPlan> {
  return aPlan({ users: { "ci@pve": {} }, tokens: { "ci@pve!deploy": { deliveries } } });
}

describe("exec-off", () => {
  test("says of a secret that goes to a program that apply will ask for --allow-exec", () => {
    const plan = planOf(aDelivery(), toProgram);
    const [finding, ...others] = findProgramsOff(plan, { allowExec: false, credentials });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: "warning",
      code: "exec-off",
      message: expect.stringMatching(/hook.*store\.sh.*--allow-exec/u),
    });
    expect(finding?.changes.map((index) => plan.changes[index]?.name)).toContain("ci@pve!deploy");
  });

  test.each([
    ["programs may be started", planOf(toProgram), { allowExec: true, credentials: byProgram }],
    ["no secret goes to one", planOf(aDelivery()), { allowExec: false, credentials }],
    ["nothing is to be applied", aPlan({}), { allowExec: false, credentials: byProgram }],
  ])("says nothing where %s", (_, plan, bench) => {
    expect(findProgramsOff(plan, bench)).toEqual([]);
  });

  test("says it of the credentials that apply takes, too, and of both at once", () => {
    const found = findProgramsOff(planOf(toProgram), { allowExec: false, credentials: byProgram });
    expect(found.map(({ message }) => /vault|store\.sh/u.exec(message)?.[0])).toEqual(["vault", "store.sh"]);
  });
});
