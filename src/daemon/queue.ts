// One target's passes, one after the other, never two at once. What is asked for meanwhile is one more pass, however often
// it was asked for.

import type { Clock } from "../support/clock.ts";
import type { Lane } from "./lanes.ts";
import { afterPass, firstIntervalMs, noTrouble, type PassEnd, type Trouble } from "./schedule.ts";
import { Wakeup } from "./wakeup.ts";

/** Why a pass is made: what the log and the history say. */
export type Reason = "start" | "manifests" | "resync" | "retry" | "boundary";

export interface Ended {
  readonly end: PassEnd;
  readonly intervalMs: number;
  readonly boundaryInMs: number | undefined;
}

export interface QueueOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly lanes: { readonly sound: Lane; readonly troubled: Lane };
  /** Never rejects; `trouble` is what came before. */
  readonly pass: (reasons: readonly Reason[], trouble: Trouble, signal: AbortSignal) => Promise<Ended>;
  /** Told when the next pass is due, in milliseconds since the epoch. */
  readonly onPlanned: (dueMs: number) => void;
}

export class Queue {
  readonly #options: QueueOptions;
  readonly #wakeup: Wakeup;
  #asked = new Set<Reason>(["start"]);
  #trouble: Trouble = noTrouble;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  /** A pass soon, even where one waits for its turn after a failure. */
  ask(reason: Reason): void {
    this.#asked.add(reason);
    this.#wakeup.wake();
  }

  /** Until the signal aborts; the pass that is at work then is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onPlanned } = this.#options;
    while (!signal.aborted) {
      const { waitMs, then } = await this.#next(signal);
      onPlanned(clock.now() + waitMs);
      const wasAsked = await this.#wakeup.wait(waitMs, signal);
      if (!wasAsked) this.#asked.add(then);
    }
  }

  async #next(signal: AbortSignal): Promise<{ readonly waitMs: number; readonly then: Reason }> {
    const { lanes, random, pass } = this.#options;
    const lane = this.#trouble.failures === 0 ? lanes.sound : lanes.troubled;
    const isFirst = this.#asked.has("start");
    const { end, boundaryInMs, ...ended } = await lane.run(async () => {
      const reasons = [...this.#asked];
      this.#asked.clear();
      // What was asked for while it waited for its turn is this pass, and no other after it.
      this.#wakeup.clear();
      return await pass(reasons, this.#trouble, signal);
    });
    const intervalMs = isFirst ? firstIntervalMs(ended.intervalMs, random) : ended.intervalMs;
    const next = afterPass(end, this.#trouble, { intervalMs, boundaryInMs, random });
    this.#trouble = next.trouble;
    const isBoundary = boundaryInMs !== undefined && next.waitMs >= boundaryInMs;
    return { waitMs: next.waitMs, then: end !== "done" ? "retry" : isBoundary ? "boundary" : "resync" };
  }
}
