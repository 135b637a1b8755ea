import { describe, expect, test } from "@jest/globals";
import type { Json } from "../../../../src/simulator/json.ts";
import { emailFormat, groupIdFormat, userIdFormat } from "../../../../src/simulator/parameters/formats.ts";
import { splitList, type ParameterTable } from "../../../../src/simulator/parameters/schema.ts";
import { verifyParameters } from "../../../../src/simulator/parameters/verify.ts";
import { Refusal } from "../../../../src/simulator/refusal.ts";

const table: ParameterTable = {
  append: { type: "boolean", optional: true, requires: "groups" },
  comment: { type: "string", optional: true, maximumLength: 5 },
  email: { type: "string", optional: true, format: emailFormat, mayBeEmpty: true },
  enable: { type: "boolean", optional: true },
  expire: { type: "integer", optional: true, minimum: 0, maximum: 100 },
  groups: { type: "string", optional: true, format: groupIdFormat, list: true },
  keys: { type: "string", optional: true, pattern: /^[a-z]*$/u },
  mode: { type: "string", optional: true, values: ["a", "b"] },
  password: { type: "string", optional: true, minimumLength: 3 },
  userid: { type: "string", format: userIdFormat },
};

function verify(given: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    verifyParameters(new Map(Object.entries({ userid: "joe@pve", ...given })), table),
  );
}

function errorsOf(given: Readonly<Record<string, Json>>): readonly string[] {
  try {
    verify(given);
    return [];
  } catch (error) {
    return error instanceof Refusal && error.status === 400 ? Object.keys(error.errors ?? {}).sort() : ["?"];
  }
}

describe("values that pass, and as what", () => {
  test.each<[string, Json, string | undefined]>([
    ["enable", "0", "0"],
    ["enable", "1", "1"],
    ["enable", true, "1"],
    ["enable", false, "0"],
    ["enable", 1, "1"],
    ["expire", "+5", "+5"],
    ["expire", 5, "5"],
    ["comment", 12.5, "12.5"],
    ["comment", null, undefined],
    ["comment", "ééééé", "ééééé"],
    ["comment", "𝒳𝒳𝒳𝒳𝒳", "𝒳𝒳𝒳𝒳𝒳"],
    ["groups", ["g1", "g2"], "g1,g2"],
    ["groups", [], ""],
    ["groups", "g1; g2\ng1", "g1; g2\ng1"],
    ["email", "", ""],
    ["email", "ä@example.invalid", "ä@example.invalid"],
    ["mode", "b", "b"],
  ])("%s = %j", (name, value, expected) => {
    expect(verify({ [name]: value })[name]).toBe(expected);
  });
});

describe("values that do not", () => {
  test.each<[string, Json]>([
    ...["true", "yes", "on", "2", "", "-1"].map((value): [string, Json] => ["enable", value]),
    ...["abc", "1.5", " 5", "1e3", "", true, -1, 101, [1]].map((value): [string, Json] => ["expire", value]),
    ["comment", "xxxxxx"],
    ["comment", ["a"]],
    ["comment", { a: 1 }],
    ["comment", true],
    ["groups", "g1,b@d"],
    ["groups", { a: 1 }],
    ["email", "nobody"],
    ["keys", "A"],
    ["mode", "c"],
    ["password", "xx"],
    ["userid", "joe"],
    ["userid", "x@"],
    ["userid", `${"x".repeat(61)}@pve`],
    ["bogus", "1"],
  ])("%s = %j", (name, value) => {
    expect(errorsOf({ [name]: value })).toEqual([name]);
  });

  test("all mistakes are told at once", () => {
    expect(errorsOf({ userid: null, bogus: "1", enable: "maybe" })).toEqual(["bogus", "enable", "userid"]);
  });

  test("what another parameter requires is what is missing", () => {
    expect(errorsOf({ append: "0" })).toEqual(["groups"]);
    expect(errorsOf({ append: "0", groups: "" })).toEqual([]);
  });

  test("a key that every object has is no parameter", () => {
    expect(errorsOf({ constructor: "1", toString: "x" })).toEqual(["constructor", "toString"]);
  });
});

test.each<[string | undefined, readonly string[]]>([
  [undefined, []],
  ["", []],
  ["0", []],
  [" a,b;;c\td\n", ["a", "b", "c", "d"]],
  ["a\0b,c", ["a", "b,c"]],
])("the list %j has the words %j", (text, words) => {
  expect(splitList(text)).toEqual(words);
});
