// In: what the paths showed, look after look. Out: which of it may be believed. A list that is cut off in the middle of a
// write is valid YAML and means deletions, so nothing is believed before it has stood still, or came in one piece.

import type { RootSeen } from "../reconcile/snapshot.ts";

/** How one path has looked lately. */
export interface RootStanding extends RootSeen {
  /** Since when it has looked like this. */
  readonly sinceMs: number;
  readonly isSettled: boolean;
}

/**
 * A path is believed when two looks that lie `settleMs` apart saw the same, or when it leads somewhere else than at the
 * last look: who flips a link has finished what it leads to.
 */
export function settle(
  before: readonly RootStanding[],
  seen: readonly RootSeen[],
  { nowMs, settleMs }: { readonly nowMs: number; readonly settleMs: number },
): readonly RootStanding[] {
  return seen.map((root, at) => {
    const last = before[at];
    if (last === undefined) return { ...root, sinceMs: nowMs, isSettled: settleMs === 0 };
    if (last.real !== root.real) return { ...root, sinceMs: nowMs, isSettled: true };
    if (last.digest !== root.digest) return { ...root, sinceMs: nowMs, isSettled: settleMs === 0 };
    return { ...root, sinceMs: last.sinceMs, isSettled: last.isSettled || nowMs - last.sinceMs >= settleMs };
  });
}

/** How long until all may be believed if nothing changes; 0 where all may be now. */
export function settlesInMs(
  standings: readonly RootStanding[],
  { nowMs, settleMs }: { readonly nowMs: number; readonly settleMs: number },
): number {
  const waits = standings.map(({ isSettled, sinceMs }) => (isSettled ? 0 : sinceMs + settleMs - nowMs));
  return Math.max(0, ...waits);
}
