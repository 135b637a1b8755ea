// In: how a pass ended. Out: when the next one begins. Pure: the time and chance are handed in.

import { backoffMs } from "../support/backoff.ts";

/**
 * `done`: nothing is left to do, or only a person can do it. `failed`: it may work next time. `moved`: somebody else
 * wrote to the server at the same time, so that a new plan is needed at once.
 */
export type PassEnd = "done" | "failed" | "moved";

/** What went wrong lately, in a row. */
export interface Trouble {
  readonly failures: number;
  readonly moves: number;
}

export const noTrouble: Trouble = { failures: 0, moves: 0 };

const failureWaits = { firstMs: 2_000, longestMs: 300_000 };
/** New plans in a row after somebody else's writes: who writes all the time is not raced. */
const mostMoves = 3;
/** Something that ends right now is not looked at again before it has ended. */
const shortestMs = 1_000;

export interface Pacing {
  readonly intervalMs: number;
  /** When something begins or ends by itself: a validity, a rotation, a pause; milliseconds from now. */
  readonly boundaryInMs: number | undefined;
  /** From 0 to 1. */
  readonly random: () => number;
}

export function afterPass(
  end: PassEnd,
  before: Trouble,
  { intervalMs, boundaryInMs, random }: Pacing,
): { readonly waitMs: number; readonly trouble: Trouble } {
  const trouble = troubleAfter(end, before);
  if (end === "moved" && trouble.moves > 0) return { waitMs: 0, trouble };
  if (trouble.failures > 0) return { waitMs: backoffMs(trouble.failures - 1, failureWaits, random), trouble };
  // Ten percent either way, so that targets that began together don't stay together.
  const resyncMs = Math.round(intervalMs * (0.9 + random() / 5));
  return { waitMs: Math.min(resyncMs, Math.max(boundaryInMs ?? Infinity, shortestMs)), trouble };
}

/**
 * The interval after a target's very first pass: a part of it, by chance. Ten percent would keep 500 targets that began
 * together in one crowd for hours.
 */
export function firstIntervalMs(intervalMs: number, random: () => number): number {
  return Math.max(shortestMs, Math.round(intervalMs * random()));
}

function troubleAfter(end: PassEnd, { failures, moves }: Trouble): Trouble {
  switch (end) {
    case "done":
      return noTrouble;
    case "failed":
      return { failures: failures + 1, moves: 0 };
    case "moved":
      return failures === 0 && moves + 1 < mostMoves
        ? { failures: 0, moves: moves + 1 }
        : { failures: failures + 1, moves: 0 };
  }
}
