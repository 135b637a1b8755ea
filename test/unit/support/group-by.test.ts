import { expect, test } from "@jest/globals";
import { groupBy } from "../../../src/support/group-by.ts";

test("groups and their values stand in the order in which they came", () => {
  const groups = groupBy(["b1", "a1", "b2"], (text) => text.slice(0, 1));
  expect([...groups]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
  ]);
});
