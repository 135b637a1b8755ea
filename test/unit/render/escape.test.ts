import { describe, expect, test } from "@jest/globals";
import {
  htmlCode,
  markdownCode,
  printableJson,
  quoted,
  shortened,
  visible,
} from "../../../src/render/escape.ts";

describe("visible", () => {
  test.each([
    ["plain text, ümläut, 日本, 🙂", "plain text, ümläut, 日本, 🙂"],
    ["two\nlines\r\n\tindented", "two\\nlines\\r\\n\\tindented"],
    ["\u001b[31mred", "\\x1b[31mred"],
    ["\u009b31m", "\\x9b31m"],
    ["\u202eevil", "\\u{202e}evil"],
    ["a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"],
    ["no\u00a0break", "no\\xa0break"],
    ["\ud800", "\\u{d800}"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["\u2028\u2029", "\\u{2028}\\u{2029}"],
  ])("%j", (text, expected) => {
    expect(visible(text)).toBe(expected);
  });
});

test("quotes have an end that can't be forged", () => {
  expect(quoted('a" → "b\\')).toBe('"a\\" → \\"b\\\\"');
});

test("shortening counts characters, not halves of them", () => {
  expect(shortened("🙂🙂🙂", 3)).toBe("🙂🙂🙂");
  expect(shortened("🙂🙂🙂", 1)).toBe("🙂… (2 more characters)");
  expect(shortened("🙂🙂🙂", 2)).toBe("🙂🙂… (1 more character)");
});

test("JSON gives back what went in, in characters that can be shown", () => {
  const value = { text: "\u001b\u009b\u202e\u2028\ud800 \u{e0041} ü\n" };
  const text = printableJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toBe('{\n  "text": "\\u001b\\u009b\\u202e\\u2028\\ud800 \\udb40\\udc41 ü\\n"\n}\n');
});

describe("Markdown", () => {
  test.each([
    ["joe@pve", "`joe@pve`"],
    ["a|b", "`a\\x7cb`"],
    ["``x``", "`\\x60\\x60x\\x60\\x60`"],
    ["</details>", "`\\x3c/details>`"],
    ["", "` `"],
  ])("%j is code", (text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });

  test("in HTML nothing is left that HTML or Markdown could read", () => {
    expect(htmlCode("a</code>@b")).toBe("<code>a&#60;&#47;code&#62;&#64;b</code>");
  });
});
