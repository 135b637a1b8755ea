import { expect, test } from "@jest/globals";
import { charactersOf, printable, printableInPlace, quoted } from "../../../src/support/printable.ts";

test.each([
  ["joe@pve", "joe@pve"],
  ["Jörg 😀", "Jörg 😀"],
  ["a\u001b[2Jb", "a\\u{1b}[2Jb"],
  ["a\nb\tc", "a\\u{a}b\\u{9}c"],
  ["evil\u202Etxt", "evil\\u{202e}txt"],
  ["zero\u200Bwidth", "zero\\u{200b}width"],
  ["\uD800", "\\u{d800}"],
])("%j is shown as %j", (text, shown) => expect(printable(text)).toBe(shown));

test("in place, every character stays one", () => {
  const text = "\ta\u001b😀\u202E\u{E0041}b";
  expect(printableInPlace(text)).toBe(" a\uFFFD😀\uFFFD\uFFFDb");
  expect(charactersOf(printableInPlace(text))).toHaveLength(charactersOf(text).length);
});

test("quoted texts are of bearable length", () => {
  expect(quoted("x")).toBe('"x"');
  expect(quoted("x".repeat(80))).toHaveLength(82);
  expect(quoted("x".repeat(10_000))).toBe(`"${"x".repeat(79)}…"`);
});
