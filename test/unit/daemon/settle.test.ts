import { describe, expect, test } from "@jest/globals";
import { settle, settlesInMs, type RootStanding } from "../../../src/daemon/settle.ts";

interface Look {
  readonly at: number;
  readonly digest: string;
  readonly real?: string;
}

/** What is believed after these looks, settling in 2 s. */
function after(...looks: readonly Look[]): { standing: RootStanding | undefined; waitMs: number } {
  let standings: readonly RootStanding[] = [];
  let waitMs = 0;
  for (const { at, digest, real = "/m" } of looks) {
    const time = { nowMs: at, settleMs: 2_000 };
    standings = settle(standings, [{ path: "m", real, digest }], time);
    waitMs = settlesInMs(standings, time);
  }
  return { standing: standings[0], waitMs };
}

describe("a path is believed", () => {
  test.each<[string, readonly Look[], boolean, number]>([
    ["not at first sight", [{ at: 0, digest: "a" }], false, 2_000],
    [
      "not before it stood still",
      [
        { at: 0, digest: "a" },
        { at: 1_500, digest: "a" },
      ],
      false,
      500,
    ],
    [
      "when it stood still",
      [
        { at: 0, digest: "a" },
        { at: 2_000, digest: "a" },
      ],
      true,
      0,
    ],
    [
      "not while it changes, however long",
      [
        { at: 0, digest: "a" },
        { at: 1_900, digest: "b" },
        { at: 3_800, digest: "a" },
      ],
      false,
      2_000,
    ],
    [
      "not after an edit, though it was believed before",
      [
        { at: 0, digest: "a" },
        { at: 2_000, digest: "a" },
        { at: 9_000, digest: "b" },
      ],
      false,
      2_000,
    ],
    [
      "at once after a flip",
      [
        { at: 0, digest: "a" },
        { at: 10, digest: "b", real: "/other" },
      ],
      true,
      0,
    ],
    [
      "not after an edit of what was flipped to",
      [
        { at: 0, digest: "a" },
        { at: 10, digest: "b", real: "/other" },
        { at: 20, digest: "c", real: "/other" },
      ],
      false,
      2_000,
    ],
    [
      "still, long after",
      [
        { at: 0, digest: "a" },
        { at: 2_000, digest: "a" },
        { at: 90_000, digest: "a" },
      ],
      true,
      0,
    ],
  ])("%s", (_, looks, isSettled, waitMs) => {
    expect(after(...looks)).toMatchObject({ standing: { isSettled }, waitMs });
  });

  test("together with the others: the last to stand still counts", () => {
    const time = { nowMs: 0, settleMs: 2_000 };
    const roots = [
      { path: "a", real: "/a", digest: "a" },
      { path: "b", real: "/b", digest: "b" },
    ];
    const first = settle([], roots, time);
    const flipped = { path: "a", real: "/c", digest: "a" };
    const second = settle(first, [flipped, ...roots.slice(1)], { ...time, nowMs: 500 });
    expect(second.map(({ isSettled }) => isSettled)).toEqual([true, false]);
    expect(settlesInMs(second, { ...time, nowMs: 500 })).toBe(1_500);
  });
});
