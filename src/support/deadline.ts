/** The reason of a signal that was aborted because the time was over. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Must be called when the work is over: until then a timer and a listener are held. */
  stop(): void;
}

/**
 * A signal that aborts with the given one, or after the time. By hand, since AbortSignal.any keeps what it made alive
 * for as long as its source lives, and a daemon's signal lives for ever.
 */
export function startDeadline(ms: number, signal: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new DeadlineError()), ms);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}
