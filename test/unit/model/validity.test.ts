import { describe, expect, test } from "@jest/globals";
import { areEverBothThere, isWithin, type Validity } from "../../../src/model/validity.ts";

describe("within a validity, to the second", () => {
  test.each<[string, Validity | undefined, number, boolean]>([
    ["none at all is always", undefined, 0, true],
    ["the second before it begins", { fromSeconds: 100 }, 99, false],
    ["its first second", { fromSeconds: 100 }, 100, true],
    ["long after it has begun", { fromSeconds: 100 }, 1e9, true],
    ["its last second", { untilSeconds: 100 }, 99, true],
    ["the second at which it is over", { untilSeconds: 100 }, 100, false],
    ["one second long, in it", { fromSeconds: 100, untilSeconds: 101 }, 100, true],
    ["one second long, before it", { fromSeconds: 100, untilSeconds: 101 }, 99, false],
    ["one second long, after it", { fromSeconds: 100, untilSeconds: 101 }, 101, false],
  ])("%s", (_, validity, now, expected) => expect(isWithin(validity, now)).toBe(expected));
});

describe("two validities", () => {
  test.each<[string, Validity | undefined, Validity | undefined, boolean]>([
    ["open ones", undefined, undefined, true],
    ["one open, one long over", undefined, { untilSeconds: 1 }, true],
    ["one after the other", { untilSeconds: 100 }, { fromSeconds: 100 }, false],
    ["with one second together", { untilSeconds: 101 }, { fromSeconds: 100 }, true],
    ["one inside the other", { fromSeconds: 1, untilSeconds: 9 }, { fromSeconds: 3, untilSeconds: 4 }, true],
    ["apart", { fromSeconds: 1, untilSeconds: 2 }, { fromSeconds: 3, untilSeconds: 4 }, false],
  ])("%s", (_, one, other, expected) => {
    expect(areEverBothThere(one, other)).toBe(expected);
    expect(areEverBothThere(other, one)).toBe(expected);
  });
});
