import { describe, expect, test } from "@jest/globals";
import { mergeParameters, parseForm, parseJsonBody } from "../../../../src/simulator/http/body.ts";

describe("forms", () => {
  test.each<[string, Record<string, string | null>]>([
    ["", {}],
    ["a=1&b=2", { a: "1", b: "2" }],
    ["a=1;b=2", { a: "1", b: "2" }],
    ["a=x+y%2Bz%25", { a: "x y+z%" }],
    ["a=b=c", { a: "b" }],
    ["a=", { a: "" }],
    ["a", { a: null }],
    ["a=1&a=2&a=3", { a: "1\u00002\u00003" }],
    ["a=%C3%BC", { a: "ü" }],
    ["a=%FC", { a: "\uFFFD" }],
    ["a=%zz", { a: "%zz" }],
    ["a=1&", { a: "1" }],
    ["%61=1", { a: "1" }],
    ["=1", { "": "1" }],
  ])("%j", (bytes, expected) => {
    expect(Object.fromEntries(parseForm(bytes))).toEqual(expected);
  });

  test("the query wins over the body, and what browsers add against caches is dropped", () => {
    const merged = mergeParameters(parseForm("a=query&_dc=1"), parseForm("a=body&b=2"));
    expect(Object.fromEntries(merged)).toEqual({ a: "query", b: "2" });
  });
});

describe("JSON bodies", () => {
  test("an object's fields are parameters, null is nothing at all", () => {
    expect(Object.fromEntries(parseJsonBody('{"a": [1, "x"], "b": true, "c": null}'))).toEqual({
      a: [1, "x"],
      b: true,
      c: null,
    });
    expect(parseJsonBody("null").size).toBe(0);
  });

  test("bytes are UTF-8", () => {
    expect(parseJsonBody(Buffer.from('{"a":"ü"}', "utf8").toString("latin1")).get("a")).toBe("ü");
  });

  test.each([
    "",
    "{",
    "[1]",
    "1",
    '"x"',
    "true",
    '{"a":1} x',
    '{"a" 1}',
    "{'a':1}",
    '{"a":01}',
    '{"a":"\\q"}',
  ])("%j is refused", (text) => {
    expect(() => parseJsonBody(text)).toThrow(/AnyEvent\.pm line 9/u);
  });
});
