import { expect, test } from "@jest/globals";
import { fitSections, type Section } from "../../../src/render/budget.ts";

function aSection(lines: readonly string[], share = 10_000): Section {
  return { open: ["<details>"], lines, close: ["</details>"], noun: "change", share };
}
const many = Array.from({ length: 1000 }, (_, index) => `line ${index}`);

test("what fits is left whole", () => {
  expect(fitSections([aSection(["a", "b"])], 1_000)).toBe("<details>\na\nb\n</details>\n");
});

test("what is cut says how much is missing, and is closed", () => {
  const text = fitSections([aSection(many)], 2_000);
  const kept = text.split("\n").filter((line) => line.startsWith("line")).length;
  expect(text).toContain(`${1000 - kept} more changes left out`);
  expect(text.trimEnd().endsWith("</details>")).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_000);
});

test("a section takes its share and leaves the rest to those behind it", () => {
  const text = fitSections([aSection(many, 1_000), aSection(["last"])], 3_000);
  expect(text).toContain("last");
});

test("sections without any room are counted", () => {
  const long = aSection(many.map((line) => line.padEnd(400)));
  expect(fitSections([long, long, long], 1_500)).toContain("2 sections left out");
});

test("bytes count, not characters", () => {
  const text = fitSections([aSection(Array.from({ length: 500 }, () => "🙂🙂🙂"))], 2_000);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_000);
});
