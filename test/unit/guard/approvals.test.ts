import { describe, expect, test } from "@jest/globals";
import { isRefused } from "../../../src/guard/judge.ts";
import { judge } from "../../support/judged.ts";

/** Two users and two groups that nobody declares, where none may be deleted. */
function pruningFour(approved: number | undefined): boolean {
  const { findings } = judge(
    {
      prune: { users: true, groups: true },
      safety: { allowEmpty: ["users", "groups"], maxDeletes: { count: 0 }, maxRevocations: { percent: 100 } },
    },
    { users: ["a@pve", "b@pve"], groups: { c: [], d: [] } },
    { approvals: new Map([["max-deletes", approved]]) },
  );
  return isRefused(findings);
}

describe("an approval with a number", () => {
  test.each([
    [2, true],
    [3, true],
    [4, false],
    [undefined, false],
  ])("of %s bounds the deletes of all kinds together: refused %s", (approved, refused) => {
    expect(pruningFour(approved)).toBe(refused);
  });
});
