import { expect, test } from "@jest/globals";
import {
  errorAt,
  hasErrors,
  sortedDiagnostics,
  warningAt,
  type Span,
} from "../../../src/manifest/diagnostic.ts";

function spanAt(file: string, line: number, column: number): Span {
  return { place: { file, line, column }, excerpt: "x", caret: 0, width: 1 };
}

test("by file, line and column; the same one once", () => {
  const said = { code: "wrong-type", message: "m" } as const;
  const places = [
    spanAt("b", 1, 1),
    spanAt("a", 10, 1),
    spanAt("a", 9, 2),
    spanAt("a", 9, 1),
    spanAt("b", 1, 1),
  ];
  const sorted = sortedDiagnostics(places.map((span) => errorAt(span, said)));
  expect(sorted.map(({ place }) => `${place.file}${place.line}:${place.column}`)).toEqual([
    "a9:1",
    "a9:2",
    "a10:1",
    "b1:1",
  ]);
});

test("a warning is no error", () => {
  const warning = warningAt(spanAt("a", 1, 1), { code: "mentions-absent", message: "m" });
  expect(hasErrors([warning])).toBe(false);
  expect(hasErrors([warning, { ...warning, severity: "error" }])).toBe(true);
});
