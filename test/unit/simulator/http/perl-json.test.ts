import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePerlJson } from "../../../../src/simulator/http/perl-json.ts";

describe("JSON as the server reads it", () => {
  test("whatever is JSON is read as JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parsePerlJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
      { numRuns: 200 },
    );
  });

  test("whatever is not is refused, and nothing throws", () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[],:"\\ntrue1-.e\u0001')) }), (text) => {
        expect(parsePerlJson(text).ok).toBe(isJson(text));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['{"groupid":', 11],
    ["", 0],
    ['{"ä": x', 6],
    ["[1 2]", 3],
    ['{"a":1,}', 7],
    ["nul", 0],
  ])("the offset of %j counts characters: %d", (text, offset) => {
    const parsed = parsePerlJson(text);
    expect(parsed.ok ? undefined : parsed.problem).toContain(`at character offset ${offset} (before`);
  });

  test.each([
    ['{"a":"b" "c\\":1}', '"c\\\\":1}'],
    ["[x\n\tä]", "x\\n\\t\\x{e4}]"],
    [`[1 ${"y".repeat(30)}]`, `${"y".repeat(20)}...`],
  ])("what stands before the mistake in %j is shown as Perl shows it", (text, shown) => {
    const parsed = parsePerlJson(text);
    expect(parsed.ok ? undefined : parsed.problem).toContain(`(before "${shown}")`);
  });

  test("a structure that is too deep is refused", () => {
    expect(parsePerlJson("[".repeat(100_000)).ok).toBe(false);
  });
});
