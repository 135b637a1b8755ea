import { describe, expect, test } from "@jest/globals";
import { Lane } from "../../../src/daemon/lanes.ts";
import { aPatientClock, settled } from "../../support/patient-clock.ts";

describe("a lane", () => {
  test("lets so many work at once, in turn", async () => {
    const lane = new Lane(aPatientClock(), { places: 2, loanMs: 5_000 });
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      lane.run(async () => {
        begun.push(number);
        await new Promise<void>((resolve) => ends.push(resolve));
        return number;
      }),
    );
    await settled();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await settled();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await settled();
    ends[3]?.();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test("takes its place back from work that hangs, once", async () => {
    const clock = aPatientClock();
    const lane = new Lane(clock, { places: 1, loanMs: 5_000 });
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (number: number) => async (): Promise<void> => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
    };
    const all = [0, 1, 2].map((number) => lane.run(work(number)));
    await clock.pass(4_999);
    expect(begun).toEqual([0]);
    await clock.pass(1);
    expect(begun).toEqual([0, 1]);
    // The one that hung ends at last: its place is not given back a second time.
    ends[0]?.();
    await settled();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await settled();
    ends[2]?.();
    await Promise.all(all);
  });

  test("goes on after work that failed", async () => {
    const lane = new Lane(aPatientClock(), { places: 1, loanMs: 5_000 });
    await expect(lane.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await lane.run(() => Promise.resolve("yes"))).toBe("yes");
  });
});
