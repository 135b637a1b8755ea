import { setTimeout as wait } from "node:timers/promises";

/** The time as a parameter: milliseconds since the epoch. Pure stations get an instant, never a clock. */
export interface Clock {
  now(): number;
  /** Resolves after the time, rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal });
  },
};
