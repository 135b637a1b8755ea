import { expect, test } from "@jest/globals";
import { secretRangesOfText } from "../../../src/manifest/mask-text.ts";

function masked(text: string): string {
  let result = text;
  for (const { start, end } of secretRangesOfText(text).reverse()) {
    result =
      result.slice(0, start) + result.slice(start, end).replaceAll("hunter2", "***") + result.slice(end);
  }
  return result;
}

test.each([
  ["a plain value", "password: hunter2"],
  ["in quotes", '"password": "hunter2", "b": ['],
  ["in quotes that stay open", "password: 'hunter2"],
  ["in braces", "spec: { password: hunter2, groups: [ }"],
  ["below credentials", "credentials:\n  token: hunter2\n  x"],
  ["a misspelt field", "  pasword: hunter2"],
  ["a block", "secret: |\n  hunter2\n  hunter2\nb: ["],
  ["the next line", "password:\n    hunter2\nb: ["],
  ["a field that is none", "password:\n  value: hunter2\nb: ["],
  ["in a list", "- secret: hunter2\n- ]"],
  ["a key that decrypts", "recipients: [AGE-SECRET-KEY-1hunter2]\n- ]"],
])("%s", (_name, text) => expect(masked(text)).not.toContain("hunter2"));

test.each([
  "password: { env: NAME }",
  "secret: { file: a/b.txt }",
  "password: { from: { env: NAME } }",
  "groups: [a",
])("%s holds none", (text) => expect(secretRangesOfText(text)).toEqual([]));
