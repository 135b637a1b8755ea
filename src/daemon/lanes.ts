// How many passes are at work at once. A place is lent for a while only: a target that hangs goes on without one, so that
// it takes nobody's place, and targets that failed last wait among themselves.

import type { Clock } from "../support/clock.ts";

export interface LaneLimits {
  readonly places: number;
  /** What a pass that reads and finds nothing to do takes at most. */
  readonly loanMs: number;
}

export class Lane {
  readonly #clock: Clock;
  readonly #loanMs: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock, { places, loanMs }: LaneLimits) {
    this.#clock = clock;
    this.#free = places;
    this.#loanMs = loanMs;
  }

  /** In turn. The work begins when there is a place, whatever has happened meanwhile. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const working = new AbortController();
    void this.#lend(working.signal);
    try {
      return await work();
    } finally {
      working.abort();
    }
  }

  async #lend(signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(this.#loanMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
