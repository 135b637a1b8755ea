import { describe, expect, test } from "@jest/globals";
import {
  decodeText,
  encodeText,
  formatCount,
  isFilled,
  parseCount,
  splitFields,
  splitList,
  trimBlanks,
} from "../../../src/usercfg/text.ts";

test.each([
  ["user: a@pve :1", ["user", "a@pve", "1"]],
  ["user:a@pve:1:::", ["user", "a@pve", "1"]],
  ["user:a@pve::x: :", ["user", "a@pve", "", "x", ""]],
  [":::", []],
  ["", []],
])("the fields of %j", (line, fields) => {
  expect(splitFields(line)).toEqual(fields);
});

test("only ASCII has blanks", () => {
  expect(trimBlanks("\t a b\u00a0\r ")).toBe("a b\u00a0");
});

test.each([
  ["a,b;c d\te", ["a", "b", "c", "d", "e"]],
  [" ,a,,b, ", ["a", "b"]],
  ["a b\0c,d", ["a b", "c,d"]],
  ["0", []],
  ["", []],
  [undefined, []],
])("the words of %j", (field, words) => {
  expect(splitList(field)).toEqual(words);
});

test.each([undefined, "", "0"])("%j counts as empty", (field) => {
  expect(isFilled(field)).toBe(false);
  expect(encodeText(field)).toBe("");
  expect(decodeText(field)).toBeUndefined();
});

describe("free texts", () => {
  test.each([
    ["on call", "on call"],
    ["100%: done", "100%25%3A done"],
    ["two\nlines", "two%0Alines"],
    ["Zoë 名", "Zo%C3%AB %E5%90%8D"],
    ["\ttab \\ ~ \x7f", "%09tab \\ ~ %7F"],
  ])("%j is written as %s and read again", (text, field) => {
    expect(encodeText(text)).toBe(field);
    expect(decodeText(field)).toBe(text);
  });

  test.each([
    ["%c3%a9", "é"],
    ["Ã©", "é"],
    ["%zz%", "%zz%"],
    ["%ff", "\ufffd"],
    ["%2541", "%41"],
  ])("%s is read as %j", (field, text) => {
    expect(decodeText(field)).toBe(text);
  });
});

describe("counts", () => {
  test.each([
    [undefined, 0],
    ["", 0],
    ["4102444800", 4102444800],
    ["007", 7],
    ["abc", undefined],
    ["-1", undefined],
    ["1e+20", undefined],
  ])("%j is read as %j", (field, count) => {
    expect(parseCount(field)).toBe(count);
  });

  test.each([
    [0, "0"],
    [4102444800, "4102444800"],
    [1e19, "10000000000000000000"],
    [1e20, "1e+20"],
    [1.234567890123456e21, "1.23456789012346e+21"],
  ])("%d is written as %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
