import { describe, expect, test } from "@jest/globals";
import type { Change, FieldChange } from "../../../src/plan/plan.ts";
import { wordExpiry, wordFields } from "../../../src/render/values.ts";

function aChange(action: Change["action"], ...fields: readonly FieldChange[]): Change {
  return { action, kind: "User", name: "joe@pve", fields, reason: "declared", held: false };
}

describe("a field of an update", () => {
  const grant = (role: string, propagate: boolean): { role: string; propagate: boolean } => ({
    role,
    propagate,
  });
  test.each<[FieldChange, string]>([
    [{ field: "comment", before: "a", after: "b" }, '"a" → "b"'],
    [{ field: "comment", before: "", after: "b" }, 'none → "b"'],
    [{ field: "comment", before: "a", after: null }, '"a" → none'],
    [{ field: "enabled", before: true, after: false }, "true → false"],
    [{ field: "expire", before: 0, after: 86_399 }, "never → 1970-01-01T23:59:59Z"],
    [{ field: "groups", before: ["a", "b"], after: ["b", "c"] }, "+c -a"],
    [{ field: "groups", before: null, after: [] }, "none"],
    [{ field: "roles", before: [], after: [grant("R", false)] }, "+R (not propagated)"],
    [{ field: "roles", before: [grant("R", true)], after: [grant("R", false)] }, "~R (no longer propagated)"],
    [{ field: "roles", before: [grant("R", false)], after: [grant("R", true)] }, "~R (now propagated)"],
    [{ field: "roles", before: [grant("R", false)], after: null }, "-R (not propagated)"],
  ])("%j", (field, words) => {
    expect(wordFields(aChange("update", field), "brief")).toEqual([{ field: field.field, words }]);
  });
});

test("an expiry beyond what a date can be stays a number", () => {
  expect(wordExpiry(1e20)).toBe("100000000000000000000 seconds after 1970");
  expect(wordExpiry(0)).toBe("never");
});

test("a create shows what it sets, a delete the access that goes; verbose shows all", () => {
  const empty = { field: "comment", before: null, after: "" };
  const groups = { field: "groups", before: ["ops"], after: null };
  const comment = { field: "comment", before: "gone", after: null };
  const fieldsOf = (change: Change, detail: "brief" | "verbose"): string[] =>
    wordFields(change, detail).map(({ field }) => field);
  expect(fieldsOf(aChange("create", empty), "verbose")).toEqual([]);
  expect(fieldsOf(aChange("delete", groups, comment), "brief")).toEqual(["groups"]);
  expect(fieldsOf(aChange("delete", groups, comment), "verbose")).toEqual(["groups", "comment"]);
});

test("no member of a list is ever cut away", () => {
  const after = Array.from({ length: 500 }, (_, index) => `g${index}`);
  const [field] = wordFields(aChange("update", { field: "groups", before: [], after }), "brief");
  expect(field?.words.split(" ")).toHaveLength(500);
});

test("a long text is cut, unless verbose", () => {
  const field = { field: "comment", before: "", after: "x".repeat(1000) };
  expect(wordFields(aChange("update", field), "brief")[0]?.words.length).toBeLessThan(300);
  expect(wordFields(aChange("update", field), "verbose")[0]?.words).toContain("x".repeat(1000));
});
