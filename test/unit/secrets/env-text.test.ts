import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { withVariable, writtenValue } from "../../../src/secrets/env-text.ts";

const line = "TOKEN='new'\n";

function withToken(text: string): string {
  const result = withVariable(text, "TOKEN", line);
  return result.ok ? result.value : `! ${result.problem}`;
}

describe("a variable is set", () => {
  test.each([
    ["in nothing", "", "TOKEN='new'\n"],
    ["at the end", "A=1\n", "A=1\nTOKEN='new'\n"],
    ["at an end without a newline", "A=1", "A=1\nTOKEN='new'\n"],
    ["in its place", "A=1\nTOKEN=old\nB=2\n", "A=1\nTOKEN='new'\nB=2\n"],
    ["in its place at the end", "TOKEN=old", "TOKEN='new'\n"],
    ["once, where it stood twice", "TOKEN=1\nA=1\nTOKEN=2\nB=1\n", "TOKEN='new'\nA=1\nB=1\n"],
    ["where it was exported", "export TOKEN=1\nA=1\n", "export TOKEN='new'\nA=1\n"],
    ["not where it is a part of a name", "MY_TOKEN=1\nTOKENS=2\n", "MY_TOKEN=1\nTOKENS=2\nTOKEN='new'\n"],
    ["not in a comment", "# TOKEN=1\n", "# TOKEN=1\nTOKEN='new'\n"],
    ["behind a comment with a quote", "A=1 # don't\nTOKEN=1\n", "A=1 # don't\nTOKEN='new'\n"],
    ["not inside of quotes", "A='\nTOKEN=1\n'\n", "A='\nTOKEN=1\n'\nTOKEN='new'\n"],
    ["not inside of double quotes", 'A="\\"\nTOKEN=1\n"\n', 'A="\\"\nTOKEN=1\n"\nTOKEN=\'new\'\n'],
    ["with a value of several lines", "TOKEN='1\n2'\nB=1\n", "TOKEN='new'\nB=1\n"],
    ["with a line that goes on", "TOKEN=1\\\n2\nB=1\n", "TOKEN='new'\nB=1\n"],
    ["with # inside of a word", "TOKEN=a#'b\nc'\nB=1\n", "TOKEN='new'\nB=1\n"],
    [
      "beside lines that are no assignments",
      "hello there\n[section]\n",
      "hello there\n[section]\nTOKEN='new'\n",
    ],
    ["never in a text that does not end", "A='1\nTOKEN=2\n", "! has a quote or a line that is not ended"],
  ])("%s", (_, text, expected) => expect(withToken(text)).toBe(expected));
});

const values = fc.string({
  unit: fc.constantFrom(..."abc =#'\"\\$`\n;&!*()é".split("")),
  maxLength: 12,
});
const quotings = [
  (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`,
  (text: string): string => `"${text.replaceAll(/["\\$`]/gu, String.raw`\$&`)}"`,
];
const assignments = fc.array(
  fc.tuple(fc.constantFrom("A", "B", "TOKEN", "TOKEN_2"), values, fc.constantFrom(...quotings)),
  { maxLength: 5 },
);

/** What a shell has after sourcing: the variables, each ended by NUL. */
function sourced(text: string): string[] {
  const script = `unset A B TOKEN TOKEN_2\n${text}\nprintf '%s\\0' "\${A-none}" "\${B-none}" "\${TOKEN-none}" "\${TOKEN_2-none}"`;
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, 4);
}

test("law: a shell finds the new value, and all others as they were", () => {
  fc.assert(
    fc.property(assignments, (pairs) => {
      const text = pairs.map(([key, value, quoting]) => `${key}=${quoting(value)}\n`).join("");
      const [a, b, , other] = sourced(text);
      expect(sourced(withToken(text))).toEqual([a, b, "new", other]);
    }),
    { numRuns: 60 },
  );
});

test("what is written is found again, the last one where there are two", () => {
  expect(writtenValue("A=1\nTOKEN=1 \nTOKEN='a b'\n", "TOKEN")).toEqual({ ok: true, value: "'a b'" });
  expect(writtenValue("A=1\n", "TOKEN")).toEqual({ ok: true, value: undefined });
});
