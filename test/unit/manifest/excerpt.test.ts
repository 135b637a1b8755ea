import { describe, expect, test } from "@jest/globals";
import { lineStarts, spanIn } from "../../../src/manifest/excerpt.ts";
import type { Range } from "../../../src/manifest/tree.ts";

function spanOf(text: string, word: string, secrets: readonly string[] = []): ReturnType<typeof spanIn> {
  const ranges = secrets.map((secret) => rangeOf(text, secret));
  return spanIn({ name: "a.yaml", folder: ".", text }, lineStarts(text), rangeOf(text, word), ranges);
}

function rangeOf(text: string, word: string): Range {
  const start = text.indexOf(word);
  return { start, end: start + word.length };
}

test.each<[string, string, string, object]>([
  [
    "the first line",
    "abc: d\n",
    "d",
    { place: { file: "a.yaml", line: 1, column: 6 }, excerpt: "abc: d", caret: 5, width: 1 },
  ],
  [
    "a later line",
    "a: 1\nb: two\n",
    "two",
    { place: { file: "a.yaml", line: 2, column: 4 }, excerpt: "b: two", caret: 3, width: 3 },
  ],
  ["a last line without an end", "a: 1\nb: 2", "2", { excerpt: "b: 2", caret: 3 }],
  ["line ends of Windows", "a: 1\r\nb: 2\r\n", "1", { excerpt: "a: 1" }],
  ["several lines: the first", "a: 'b\n  c'\n", "'b\n  c'", { excerpt: "a: 'b", caret: 3, width: 2 }],
  ["characters, not units", "😀: x\n", "x", { place: { file: "a.yaml", line: 1, column: 4 }, caret: 3 }],
  ["a tab is one column", "\ta: x\n", "x", { excerpt: " a: x", caret: 4 }],
  ["what a terminal obeys", "a\u001b[2J\u202e: x\n", "x", { excerpt: "a\uFFFD[2J\uFFFD: x", caret: 8 }],
  [
    "a user in an address",
    "a: https://joe:pw@host, b\n",
    "b",
    { excerpt: "a: https://***@host, b", caret: 21 },
  ],
])("%s", (_name, text, word, span) => expect(spanOf(text, word)).toMatchObject(span));

describe("secrets", () => {
  test("beside the place", () =>
    expect(spanOf("{ p: hunter2, q: x }\n", "x", ["hunter2"])).toMatchObject({
      place: { column: 18 },
      excerpt: "{ p: ***, q: x }",
      caret: 13,
      width: 1,
    }));

  test("at the place", () =>
    expect(spanOf("p: hunter2 # n\n", "hunter2", ["hunter2"])).toMatchObject({
      excerpt: "p: *** # n",
      caret: 3,
      width: 3,
    }));

  test("over several lines: what is on this one", () =>
    expect(spanOf("p: one\n  two\nq: 1\n", "two", ["one\n  two"]).excerpt).toBe("***"));
});

test("a long line is cut around the place", () => {
  const text = `a: [${"x, ".repeat(300_000)}here, ${"y, ".repeat(300_000)}]\n`;
  const { excerpt, caret, width, place } = spanOf(text, "here");
  expect(
    Array.from(excerpt)
      .slice(caret, caret + width)
      .join(""),
  ).toBe("here");
  expect(excerpt.length).toBeLessThan(170);
  expect(place.column).toBe(text.indexOf("here") + 1);
});
