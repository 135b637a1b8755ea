// The switch on a target holds the daemon back, but not for ever: who forgets it would have a server that nobody keeps.

export interface Pause {
  /** When this process first saw it. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export function pauseAfter(
  before: Pause | undefined,
  isPaused: boolean,
  { nowMs, maxPauseMs }: { readonly nowMs: number; readonly maxPauseMs: number },
): Pause | undefined {
  if (!isPaused) return undefined;
  const sinceMs = before?.sinceMs ?? nowMs;
  return { sinceMs, untilMs: sinceMs + maxPauseMs };
}

/** Whether it counts no more. */
export function isOver(pause: Pause | undefined, nowMs: number): boolean {
  return pause !== undefined && nowMs >= pause.untilMs;
}
