import type { Clock } from "../../src/support/clock.ts";

export interface PatientClock extends Clock {
  /** How long the sleeps that are under way still take, the shortest first. */
  readonly asleep: () => readonly number[];
  /** Lets so much time pass: sleeps end in their order, and what follows each of them happens before the next ends. */
  pass(ms: number): Promise<void>;
}

interface Sleep {
  readonly dueMs: number;
  readonly end: () => void;
}

/** A clock whose sleeps last until the test lets the time pass. */
export function aPatientClock(start = Date.UTC(2026, 0, 1)): PatientClock {
  let now = start;
  const sleeps = new Set<Sleep>();
  const inOrder = (): Sleep[] => [...sleeps].sort((a, b) => a.dueMs - b.dueMs);
  return {
    now: () => now,
    asleep: () => inOrder().map(({ dueMs }) => dueMs - now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleep = { dueMs: now + ms, end: () => resolve() };
        const give = (): void => {
          sleeps.delete(sleep);
          reject(signal.reason as Error);
        };
        if (signal.aborted) give();
        else sleeps.add(sleep);
        signal.addEventListener("abort", give, { once: true });
      }),
    pass: async (ms) => {
      const end = now + ms;
      await settled();
      for (let [next] = inOrder(); next !== undefined && next.dueMs <= end; [next] = inOrder()) {
        now = next.dueMs;
        sleeps.delete(next);
        next.end();
        await settled();
      }
      now = end;
    },
  };
}

/** Everything that waits for nothing but promises has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
