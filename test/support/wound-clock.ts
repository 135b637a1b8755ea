import type { Clock } from "../../src/support/clock.ts";

export interface WoundClock extends Clock {
  /** What was slept, in order; no time passed meanwhile but on this clock. */
  readonly slept: readonly number[];
  wind(ms: number): void;
}

/** A clock that stands still until it is wound, and whose sleeps are over at once. */
export function aClock(start = Date.UTC(2026, 0, 1)): WoundClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    wind: (ms) => {
      now += ms;
    },
    sleep: (ms, signal) => {
      slept.push(ms);
      now += ms;
      return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
    },
  };
}
