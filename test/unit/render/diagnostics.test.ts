import { describe, expect, test } from "@jest/globals";
import { errorAt, warningAt, type Diagnostic } from "../../../src/manifest/diagnostic.ts";
import { renderDiagnosticsMarkdown } from "../../../src/render/diagnostics-markdown.ts";
import { renderDiagnostics, renderDiagnosticsJson } from "../../../src/render/diagnostics.ts";
import { plain } from "../../../src/support/palette.ts";
import { expectGolden } from "../../support/golden.ts";

const unknownGroup = errorAt(
  {
    place: { file: "users.yaml", line: 12, column: 12 },
    excerpt: "  groups: [operatrs]",
    caret: 11,
    width: 8,
  },
  { code: "invalid-value", message: 'there is no group "operatrs"', hint: "did you mean operators?" },
);
const duplicate = warningAt(
  { place: { file: "b.yaml", line: 3, column: 9 }, excerpt: '  名: "x" y', caret: 5, width: 3 },
  {
    code: "mentions-absent",
    message: "joe@pve is absent",
    related: { file: "a.yaml", line: 7, column: 3 },
  },
);
const missing = errorAt(
  { place: { file: "gone", line: 1, column: 1 }, excerpt: "", caret: 0, width: 1 },
  { code: "unreadable", message: "there is no such file" },
);
const all = [duplicate, missing, unknownGroup];

test("text, as a story", () => {
  expectGolden({ case: "render-diagnostics", file: "mistakes.txt" }, renderDiagnostics(all, plain));
});

test("Markdown, as a story", () => {
  expectGolden({ case: "render-diagnostics", file: "mistakes.md" }, renderDiagnosticsMarkdown(all));
});

test("the carets stand below what they mean, wide characters or not", () => {
  const lines = renderDiagnostics([unknownGroup], plain).split("\n");
  const excerpt = lines.find((line) => line.includes("operatrs]")) ?? "";
  const carets = lines.find((line) => line.includes("^")) ?? "";
  expect(carets.indexOf("^")).toBe(excerpt.indexOf("operatrs"));
  expect(carets.match(/\^+/u)?.[0]).toHaveLength("operatrs".length);
});

describe("JSON", () => {
  test("has the places and no lines of the files", () => {
    expect(JSON.parse(renderDiagnosticsJson([duplicate]))).toEqual({
      formatVersion: 1,
      diagnostics: [
        {
          severity: "warning",
          code: "mentions-absent",
          message: "joe@pve is absent",
          source: { file: "b.yaml", line: 3, column: 9 },
          related: { file: "a.yaml", line: 7, column: 3 },
        },
      ],
    });
  });

  test("of nothing is an empty list", () => {
    expect(JSON.parse(renderDiagnosticsJson([]))).toEqual({ formatVersion: 1, diagnostics: [] });
  });
});

test("thousands of mistakes stay below the limit of a comment", () => {
  const thousands: Diagnostic[] = Array.from({ length: 5_000 }, () => unknownGroup);
  const text = renderDiagnosticsMarkdown(thousands);
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(text).toMatch(/\d+ more mistakes left out/u);
});
