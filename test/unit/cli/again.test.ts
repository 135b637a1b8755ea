import { describe, expect, test } from "@jest/globals";
import { applyUntilStill } from "../../../src/cli/again.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { aPlan } from "../../support/desired-builders.ts";

const head = { name: "dc1", product: "pve", plan: aPlan({ groups: { a: {} } }) } as const;
const outcomes = [{ change: 0, status: "applied" }] as const;
const error = { code: "live-state-moved", message: "Group x was created" };
const reports = {
  half: { ...head, status: "ok", outcomes, error },
  before: { ...head, status: "refused", error },
  done: { ...head, status: "ok", outcomes },
  declined: { ...head, status: "ok", notice: "not confirmed" },
  still: { ...head, status: "ok", plan: aPlan({}) },
  gone: {
    name: "dc1",
    product: "pve",
    status: "unreachable",
    error: { code: "server-unreachable", message: "no" },
  },
} as const satisfies Record<string, TargetReport>;
type Name = keyof typeof reports;

async function course(
  names: readonly Name[],
  mayAsk = true,
): Promise<{ result: Name | undefined; asked: number }> {
  let asked = 0;
  const once = (): Promise<TargetReport> => Promise.resolve(reports[names[asked++] ?? "gone"]);
  const result = await applyUntilStill(once, () => mayAsk);
  return { result: (Object.keys(reports) as Name[]).find((name) => reports[name] === result), asked };
}

describe("an apply that somebody else's write ended in the middle", () => {
  test.each<[readonly Name[], Name, number]>([
    [["half", "done"], "done", 2],
    [["half", "still"], "still", 2],
    [["half", "declined"], "half", 2],
    [["half", "gone"], "half", 2],
    [["half", "before"], "half", 2],
    [["half", "half", "half", "done"], "half", 3],
    [["done"], "done", 1],
    [["before"], "before", 1],
  ])("%j", async (names, result, asked) => expect(await course(names)).toEqual({ result, asked }));

  test("is not begun again where nobody can be asked", async () =>
    expect(await course(["half", "done"], false)).toEqual({ result: "half", asked: 1 }));
});
