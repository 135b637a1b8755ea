import { expect, test } from "@jest/globals";

import { backoffMs } from "../../../src/support/backoff.ts";

const limits = { firstMs: 100, longestMs: 1000 };

test.each([
  [0, 0, 50],
  [0, 1, 100],
  [1, 1, 200],
  [2, 0.5, 300],
  [10, 1, 1000],
  [5000, 0, 500],
])("attempt %d with %d waits %d ms", (attempt, random, expected) => {
  expect(backoffMs(attempt, limits, () => random)).toBe(expected);
});
