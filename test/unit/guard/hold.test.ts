import { describe, expect, test } from "@jest/globals";
import { changesToHold, withoutHeld, type Judged } from "../../../src/guard/hold.ts";
import type { FindingCode } from "../../../src/model/finding-code.ts";
import type { Finding } from "../../../src/plan/plan.ts";
import { storyPlan } from "../../support/story-plan.ts";

const error = (code: FindingCode, changes: readonly number[]): Finding => ({
  severity: "error",
  code,
  message: code,
  changes,
});
const warning: Finding = { severity: "warning", code: "entry-hidden", message: "lint", changes: [2] };

describe("what is held", () => {
  test.each<[string, readonly Finding[], readonly string[] | undefined]>([
    ["nothing where nothing is refused", [warning], undefined],
    ["what the errors concern", [error("protected", [0, 3]), warning], ["Role VMOperator", "User joe@pve"]],
    [
      "nothing where an error concerns no change",
      [error("protected", [0]), error("config-too-large", [])],
      undefined,
    ],
  ])("%s", (_, findings, keys) => {
    const held = changesToHold(storyPlan, findings);
    expect(held && [...held]).toEqual(keys);
  });
});

describe("the second plan", () => {
  const first: Judged = { plan: storyPlan, findings: [error("max-deletes", [8]), warning] };

  test.each<[string, readonly Finding[], readonly string[]]>([
    ["says why something waits", [warning], ["warning entry-hidden", "warning max-deletes"]],
    ["does not say it twice", [error("max-deletes", [8])], ["warning max-deletes"]],
    [
      "refuses for what is new",
      [error("require-admin", [1])],
      ["error require-admin", "warning max-deletes"],
    ],
  ])("%s", (_, findings, expected) => {
    // Of the story's changes the ninth is held.
    const judged = withoutHeld(first, { plan: storyPlan, findings });
    expect(judged.findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
  });
});
