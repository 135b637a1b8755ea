import { describe, expect, test } from "@jest/globals";
import {
  afterPass,
  firstIntervalMs,
  noTrouble,
  type PassEnd,
  type Trouble,
} from "../../../src/daemon/schedule.ts";

const pacing = { intervalMs: 300_000, boundaryInMs: undefined, random: () => 0.5 };

/** The waits after passes that ended so, one after the other. */
function waits(...ends: readonly PassEnd[]): readonly number[] {
  let trouble: Trouble = noTrouble;
  return ends.map((end) => {
    const next = afterPass(end, trouble, pacing);
    trouble = next.trouble;
    return next.waitMs;
  });
}

describe("the next pass", () => {
  test("comes after the interval, ten percent more or less", () => {
    for (const [random, expected] of [
      [0, 270_000],
      [0.5, 300_000],
      [1, 330_000],
    ] as const)
      expect(afterPass("done", noTrouble, { ...pacing, random: () => random }).waitMs).toBe(expected);
  });

  test("after the very first one comes anywhere in the interval: who began together does not stay together", () => {
    expect([0, 0.25, 1].map((random) => firstIntervalMs(300_000, () => random))).toEqual([
      1_000, 75_000, 300_000,
    ]);
  });

  test("comes sooner where something begins or ends before, though not at once", () => {
    const at = (boundaryInMs: number): number =>
      afterPass("done", noTrouble, { ...pacing, boundaryInMs }).waitMs;
    expect([at(60_000), at(1), at(-5_000), at(900_000)]).toEqual([60_000, 1_000, 1_000, 300_000]);
  });

  test("after failures comes later and later, up to five minutes, and a success forgets them", () => {
    const failures = Array.from({ length: 12 }, (): PassEnd => "failed");
    const all = waits(...failures, "done", "failed");
    expect(all.slice(0, 4)).toEqual([1_500, 3_000, 6_000, 12_000]);
    expect(all.slice(8, 12)).toEqual([225_000, 225_000, 225_000, 225_000]);
    expect(all.slice(12)).toEqual([300_000, 1_500]);
  });

  test("after somebody else's write comes at once, three times in a row", () => {
    expect(waits("moved", "moved", "moved", "moved")).toEqual([0, 0, 1_500, 3_000]);
    expect(waits("moved", "moved", "done", "moved", "moved")).toEqual([0, 0, 300_000, 0, 0]);
  });
});
