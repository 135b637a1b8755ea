// In: what one target should be, and the way to visit it. Out: its passes, and what is known of it. When they are made is
// the queue's concern; what is known after one is target-state.ts'.

import type { Wanted } from "../reconcile/load.ts";
import { withFields } from "../support/logger.ts";
import { manifestsSaid, suspended, withConditions, type Observed } from "./conditions.ts";
import { makePass, passInBug, type PassMade } from "./one-pass.ts";
import { Queue, type Ended, type Reason } from "./queue.ts";
import { endOf } from "./record.ts";
import { isLookDue, outdated } from "./sink-look.ts";
import { boundaryInMs, stateAfter, stateAtFirst, type TargetState } from "./target-state.ts";
import type { Desired, TendingOptions } from "./tending.ts";

export class Tended {
  readonly #options: TendingOptions;
  readonly #queue: Queue;
  readonly #stopping = new AbortController();
  #wanted: Wanted;
  #state: TargetState;
  #running: Promise<void> = Promise.resolve();
  #passing: AbortController | undefined;

  constructor(wanted: Wanted, observed: Observed, options: TendingOptions) {
    const { clock, random } = options.surroundings;
    this.#options = options;
    this.#wanted = wanted;
    this.#state = stateAtFirst(wanted.desired, observed, clock.now());
    this.#queue = new Queue({
      clock,
      random,
      lanes: options.lanes,
      pass: (reasons, { failures }, signal) => this.#pass(reasons, failures, signal),
      onPlanned: (nextMs) => this.#update({ nextMs, failures: this.#queue.trouble.failures }),
    });
  }

  get state(): TargetState {
    return this.#state;
  }

  /** Not before another target of this name, of earlier manifests, has come to its end. */
  start(after: Promise<void> = Promise.resolve()): void {
    this.#running = after.then(() => this.#queue.run(this.#stopping.signal));
  }

  /** Nothing more is begun; resolves when the operation in flight is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the daemon is stopping"));
    await this.#running;
  }

  /** Other manifests are in force. Where they want the same of this target, its last pass still stands. */
  replace(wanted: Wanted, observed: Observed): void {
    const isSame = wanted.fingerprint === this.#wanted.fingerprint;
    this.#wanted = wanted;
    this.#update({ desired: wanted.desired, observed });
    this.#say([manifestsSaid([])], observed);
    if (isSame) this.#update({ conditions: this.#state.conditions.map((one) => ({ ...one, ...observed })) });
    else {
      this.#update({ sinks: outdated(this.#state.sinks) });
      this.#queue.ask("manifests");
      this.#passing?.abort(new Error("other manifests are in force"));
    }
  }

  /** The new manifests have mistakes, and the last good ones stay in force. */
  keepDespite(mistakes: readonly string[], observed: Observed): void {
    this.#say([manifestsSaid(mistakes)], observed);
  }

  /** Never rejects: a bug in any part of it must not end the passes of all others (docs/decisions/033). */
  async #pass(reasons: readonly Reason[], failures: number, signal: AbortSignal): Promise<Ended> {
    const { logger, clock } = this.#options.surroundings;
    const [{ desired, fingerprint }, { observed }, startedMs] = [this.#wanted, this.#state, clock.now()];
    const { name } = desired.target;
    let isTold = false;
    const conclude = (made: PassMade): Ended => {
      // Manifests that want the same may have come into force meanwhile: it speaks of them, too.
      const isSame = fingerprint === this.#wanted.fingerprint;
      const at = { nowMs: clock.now(), failures, observed: isSame ? this.#state.observed : observed };
      const next = stateAfter(this.#state, made, at);
      const ended = endedBy(made, next, at.nowMs);
      // Once: who is told may be what the bug is in.
      if (!isTold) {
        isTold = true;
        this.#options.onPass(name, made.record);
      }
      this.#state = next;
      return ended;
    };
    try {
      const made = signal.aborted ? undefined : await this.#step(desired, reasons, signal);
      return made === undefined ? nothingDone(desired) : conclude(made);
    } catch (error) {
      const course = { startedMs, durationMs: clock.now() - startedMs, reasons };
      return conclude(passInBug(error, course, withFields(logger, { target: name })));
    }
  }

  /** Undefined where there is nothing to tell of it. */
  async #step(
    desired: Desired,
    reasons: readonly Reason[],
    stopping: AbortSignal,
  ): Promise<PassMade | undefined> {
    if (!desired.target.suspend) return await this.#visit(desired, reasons, stopping);
    this.#say(suspended, this.#state.observed);
    this.#update({ isReady: true });
    return undefined;
  }

  /** Ends early where other manifests come into force meanwhile: nobody wants the old ones any more. */
  async #visit(
    desired: Desired,
    reasons: readonly Reason[],
    stopping: AbortSignal,
  ): Promise<PassMade | undefined> {
    const { surroundings, verifySinksMs } = this.#options;
    const { observed, pause, sinks } = this.#state;
    const passing = new AbortController();
    const end = (): void => passing.abort(stopping.reason);
    stopping.addEventListener("abort", end, { once: true });
    this.#passing = passing;
    this.#update({ isAtWork: true });
    try {
      const looksIntoSinks = isLookDue(sinks, verifySinksMs, surroundings.clock.now());
      const input = { desired, observed, reasons, pause, sinks: sinks?.found ?? [], looksIntoSinks };
      return await makePass(input, this.#options, passing.signal);
    } finally {
      this.#update({ isAtWork: false });
      this.#passing = undefined;
      stopping.removeEventListener("abort", end);
    }
  }

  #say(said: Parameters<typeof withConditions>[1], observed: Observed): void {
    const nowMs = this.#options.surroundings.clock.now();
    this.#update({ conditions: withConditions(this.#state.conditions, said, { nowMs, observed }) });
  }

  #update(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function nothingDone({ target: { intervalMs } }: Desired): Ended {
  return { end: "done", intervalMs, boundaryInMs: undefined };
}

function endedBy({ record, report }: PassMade, state: TargetState, nowMs: number): Ended {
  const { intervalMs } = state.desired.target;
  return { end: endOf(record), intervalMs, boundaryInMs: boundaryInMs(state, report?.plan, nowMs) };
}
