import { describe, expect, test } from "@jest/globals";
import { parseDocuments } from "../../../src/manifest/parse.ts";
import { valueOf } from "../../../src/manifest/tree.ts";

function parse(text: string): unknown[] {
  return parseDocuments(text).map((one) =>
    "tree" in one ? valueOf(one.tree) : one.mistakes.map(({ code }) => code),
  );
}

describe("values", () => {
  test.each<[string, string, unknown[]]>([
    ["nothing", "", []],
    ["comments only", "# a\n---\n# b\n", []],
    ["several documents", "a: 1\n---\nb: [x, y]\n", [{ a: 1 }, { b: ["x", "y"] }]],
    ["an empty one between", "a: 1\n---\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    ["JSON with tabs", '{\n\t"a": [\n\t\ttrue\n\t]\n}', [{ a: [true] }]],
    ["a byte order mark", "\uFEFFa: 1\n", [{ a: 1 }]],
    ["line ends of Windows", "a: 1\r\nb: 2\r\n", [{ a: 1, b: 2 }]],
    ["yes and no are texts", "a: yes\nb: no\n", [{ a: "yes", b: "no" }]],
    ["a date is a text", "a: 2027-01-31\n", [{ a: "2027-01-31" }]],
    ["an alias", "a: &x { b: 1 }\nc: *x\n", [{ a: { b: 1 }, c: { b: 1 } }]],
    ["the nearest anchor before it", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", [{ a: 1, b: 1, c: 2, d: 2 }]],
    ["a block of text", "a: |\n  b\n  c\n", [{ a: "b\nc\n" }]],
  ])("%s", (_name, text, values) => expect(parse(text)).toEqual(values));

  test("a key named __proto__ is a key like others", () => {
    const [value] = parse("__proto__: { a: 1 }\n");
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
  });
});

describe("what is refused", () => {
  const hundred = Array.from({ length: 60 }, () => "a").join(", ");
  test.each<[string, string, string]>([
    ["a duplicate key", "a: 1\na: 2\n", "duplicate-key"],
    ["a number as key", "1: a\n", "non-string-key"],
    ["a list as key", "? [a]\n: b\n", "non-string-key"],
    ["no key", "? \n: b\n", "non-string-key"],
    ["a merge key", "a: &x { b: 1 }\nc: { <<: *x }\n", "unsupported-yaml"],
    ["a tag of JavaScript", "a: !!js/function 'x'\n", "unsupported-yaml"],
    ["a binary", "a: !!binary aGk=\n", "unsupported-yaml"],
    ["a tag of one's own", "a: !secret x\n", "unsupported-yaml"],
    ["an alias of nothing", "a: *x\n", "unknown-alias"],
    ["an alias of what comes later", "a: *x\nb: &x 1\n", "unknown-alias"],
    ["an alias inside of itself", "a: &x [*x]\n", "unknown-alias"],
    ["aliases beyond 100 nodes", `a: &x [${hundred}]\nb: *x\nc: *x\n`, "alias-expansion"],
    [
      "laughs by the billion",
      "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b]\n",
      "alias-expansion",
    ],
    ["an open bracket", "a: [b\n", "yaml-syntax"],
    ["an open quote", 'a: "b\n', "yaml-syntax"],
    ["a tab as indentation", "a:\n\tb: 1\n", "yaml-syntax"],
    ["no blank behind the colon", "a:1\nb: 2\n", "yaml-syntax"],
    ["200,000 brackets", "[".repeat(200_000), "too-deep"],
    ["200,000 braces", "{".repeat(200_000), "too-deep"],
    ["200,000 dashes", "- ".repeat(200_000), "too-deep"],
  ])("%s", (_name, text, code) => expect(parse(text).flat()).toContain(code));

  test("one document does not spoil the next", () =>
    expect(parse("a: [\n---\nb: 1\n").at(-1)).toEqual({ b: 1 }));

  test("a slip is told a few times at most", () => {
    const [codes] = parse(`a: ]${"]".repeat(1000)}\n`);
    expect(codes).toHaveLength(5);
  });

  test("no message repeats the text", () => {
    const mistakes = parseDocuments('password: "hunter2\\q" x\n').flatMap((one) =>
      "mistakes" in one ? one.mistakes : [],
    );
    expect(mistakes.length).toBeGreaterThan(0);
    expect(JSON.stringify(mistakes)).not.toContain("hunter2");
  });
});
