import { describe, expect, test } from "@jest/globals";
import { Lane } from "../../../src/daemon/lanes.ts";
import { Queue, type Reason } from "../../../src/daemon/queue.ts";
import type { PassEnd } from "../../../src/daemon/schedule.ts";
import { aPatientClock, settled, type PatientClock } from "../../support/patient-clock.ts";

interface Course {
  readonly clock: PatientClock;
  readonly queue: Queue;
  /** The reasons of every pass that has begun. */
  readonly begun: readonly (readonly Reason[])[];
  /** Ends the pass that is at work. */
  readonly end: (how?: PassEnd, boundaryInMs?: number) => Promise<void>;
  readonly most: () => number;
  readonly stop: () => Promise<void>;
  readonly planned: readonly number[];
}

function running(): Course {
  const clock = aPatientClock(0);
  const begun: (readonly Reason[])[] = [];
  const planned: number[] = [];
  let atWork = 0;
  let most = 0;
  let finish: (how: PassEnd, boundaryInMs: number | undefined) => void = () => undefined;
  const lane = new Lane(clock, { places: 1, loanMs: 1_000_000 });
  const queue = new Queue({
    clock,
    random: () => 0.5,
    lanes: { sound: lane, troubled: lane },
    onPlanned: (dueMs) => planned.push(dueMs),
    pass: (reasons) => {
      begun.push(reasons);
      most = Math.max(most, ++atWork);
      return new Promise((resolve) => {
        finish = (end, boundaryInMs) => {
          atWork -= 1;
          resolve({ end, intervalMs: 60_000, boundaryInMs });
        };
      });
    },
  });
  const controller = new AbortController();
  const run = queue.run(controller.signal);
  return {
    clock,
    queue,
    begun,
    planned,
    most: () => most,
    end: async (how = "done", boundaryInMs) => {
      finish(how, boundaryInMs);
      await settled();
    },
    stop: async () => {
      controller.abort();
      finish("done", undefined);
      await run;
    },
  };
}

describe("a target's passes", () => {
  test("begin at once, again after a part of the interval, and then after each", async () => {
    const { clock, begun, end, planned, stop } = running();
    await end();
    expect(planned).toEqual([30_000]);
    await clock.pass(30_000);
    await end();
    await clock.pass(59_999);
    expect(begun).toEqual([["start"], ["resync"]]);
    await clock.pass(1);
    expect(begun).toEqual([["start"], ["resync"], ["resync"]]);
    await stop();
  });

  test("are never two at once, and what is asked for meanwhile is one", async () => {
    const { begun, end, queue, most, stop } = running();
    await settled();
    for (let asked = 0; asked < 5; asked++) queue.ask("manifests");
    await settled();
    expect(begun).toEqual([["start"]]);
    await end();
    expect(begun).toEqual([["start"], ["manifests"]]);
    await end();
    expect([begun.length, most()]).toEqual([2, 1]);
    await stop();
  });

  test("are one where one was asked for while it waited for its turn", async () => {
    const clock = aPatientClock(0);
    const lane = new Lane(clock, { places: 1, loanMs: 1_000_000 });
    let finish = (): void => undefined;
    void lane.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const begun: (readonly Reason[])[] = [];
    const queue = new Queue({
      clock,
      random: () => 0.5,
      lanes: { sound: lane, troubled: lane },
      onPlanned: () => undefined,
      pass: (reasons) => {
        begun.push(reasons);
        return Promise.resolve({ end: "done", intervalMs: 60_000, boundaryInMs: undefined });
      },
    });
    const controller = new AbortController();
    const run = queue.run(controller.signal);
    await settled();
    queue.ask("manifests");
    finish();
    await settled();
    expect(begun).toEqual([["start", "manifests"]]);
    controller.abort();
    await run;
  });

  test("are asked for in the middle of a wait, even after a failure", async () => {
    const { clock, begun, end, queue, stop } = running();
    await end("failed");
    await clock.pass(100);
    queue.ask("manifests");
    await settled();
    expect(begun).toEqual([["start"], ["manifests"]]);
    await stop();
  });

  test("say why they are made", async () => {
    const { clock, begun, end, stop } = running();
    await end("moved");
    await clock.pass(0);
    await end("failed");
    await clock.pass(1_500);
    await end("done", 30_000);
    await clock.pass(30_000);
    expect(begun).toEqual([["start"], ["retry"], ["retry"], ["boundary"]]);
    await stop();
  });

  test("end with the one that is at work", async () => {
    const { queue, begun, stop } = running();
    await settled();
    queue.ask("manifests");
    await stop();
    expect(begun).toEqual([["start"]]);
  });
});
