import { describe, expect, test } from "@jest/globals";
import { parseExpiry } from "../../../src/desired/expiry.ts";
import { isSayableId, remarkUnnameable, sayExpiry, sayText } from "../../../src/export/sayable.ts";

describe("an expiry", () => {
  test.each([
    [0, "never"],
    [1, "1970-01-01T00:00:01Z"],
    [Date.UTC(2027, 0, 31, 23, 59, 59) / 1000, "2027-01-31"],
    [Date.UTC(2027, 0, 31, 18) / 1000, "2027-01-31T18:00:00Z"],
    [253_402_300_799, "9999-12-31"],
  ])("%d is %s, and is read back so", (expire, text) => {
    expect(sayExpiry(expire)).toEqual({ fields: { expire: text }, remarks: [] });
    expect(parseExpiry(text)).toEqual({ ok: true, value: expire });
  });

  test.each([253_402_300_800, 2 ** 53, 1e20])("%d has no date, so it is left alone", (expire) => {
    const { fields, remarks } = sayExpiry(expire);
    expect(fields).toEqual({ unmanaged: ["expire"] });
    expect(remarks).toHaveLength(1);
  });
});

describe("a text", () => {
  test.each([
    ["on call", { comment: "on call" }, 0],
    ["", {}, 0],
    [" on call", {}, 1],
    ["on call ", {}, 1],
    ["0", {}, 1],
    ["12345678901", {}, 1],
    ["\u{1F37A}".repeat(10), { comment: "\u{1F37A}".repeat(10) }, 0],
  ])("%j", (text, fields, remarks) => {
    const said = sayText("comment", text, () => true, 10);
    expect(said.fields).toEqual(fields);
    expect(said.remarks).toHaveLength(remarks);
  });

  test("that its field does not take is left alone", () => {
    expect(sayText("email", "nobody", () => false).fields).toEqual({});
  });
});

test.each([
  ["joe@pve", true],
  ["we!rd,=@pve", true],
  ["ü@pve", false],
  ["a\u0007b@pve", false],
  ["", false],
])("the id %j can be said: %s", (id, is) => {
  expect(isSayableId(id)).toBe(is);
});

test("what can't be named is told with where to leave it out", () => {
  expect(remarkUnnameable("users", [], "scope.users.exclude")).toEqual([]);
  const [head, line] = remarkUnnameable("users", ["ü\u0007@pve"], "scope.users.exclude");
  expect(head).toContain("scope.users.exclude");
  expect(line).toBe("  ü\\u{7}@pve");
});
