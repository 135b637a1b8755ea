// In: what one target should be, and the way to visit it. Out: its passes, and what is known of it. Holds what a target's
// passes leave behind; when they are made is the queue's concern.

import type { Wanted } from "../reconcile/load.ts";
import type { TargetReport } from "../reconcile/report.ts";
import {
  manifestsSaid,
  notYet,
  passSaid,
  suspended,
  withConditions,
  type Condition,
  type Observed,
} from "./conditions.ts";
import { keepPlan, type KeptPlan } from "./kept-plan.ts";
import { makePass, type PassMade } from "./one-pass.ts";
import { pauseAfter, type Pause } from "./pause.ts";
import { Queue, type Ended, type Reason } from "./queue.ts";
import { endOf, type PassRecord } from "./record.ts";
import type { Desired, TendingOptions } from "./tending.ts";
import { isLookDue, lookAfter, outdated, type SinkLook } from "./sink-look.ts";
import { tokensAbout, type TokenExpiry } from "./token-expiry.ts";

/** All that is known of a target. */
export interface TargetState {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly conditions: readonly Condition[];
  readonly version: string | undefined;
  readonly caller: string | undefined;
  readonly pause: Pause | undefined;
  readonly isAtWork: boolean;
  readonly nextMs: number | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly failures: number;
  /** The newest first. */
  readonly history: readonly PassRecord[];
  readonly plan: KeptPlan | undefined;
  readonly tokens: readonly TokenExpiry[];
  /** The last look into the sinks. */
  readonly sinks: SinkLook | undefined;
  /** A first pass has ended, however, or none is to be made. */
  readonly isReady: boolean;
}

const keptPasses = 20;

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
    this.#state = { ...blank, desired: wanted.desired, observed };
    this.#say([...notYet, manifestsSaid([])], observed);
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

  async #pass(reasons: readonly Reason[], failures: number, signal: AbortSignal): Promise<Ended> {
    const { desired, observed } = this.#state;
    const { intervalMs } = desired.target;
    if (signal.aborted) return { end: "done", intervalMs, boundaryInMs: undefined };
    if (desired.target.suspend) {
      this.#say(suspended, observed);
      this.#update({ isReady: true });
      return { end: "done", intervalMs, boundaryInMs: undefined };
    }
    const made = await this.#visit(desired, reasons, signal);
    if (made === undefined) return { end: "done", intervalMs, boundaryInMs: undefined };
    const { record, report } = made;
    if (report) this.#keep(report);
    this.#note(made, desired);
    this.#say(passSaid(record, failures), observed);
    return { end: endOf(record), intervalMs, boundaryInMs: this.#boundaryInMs(report?.plan) };
  }

  /** Ends early where other manifests come into force meanwhile: nobody wants the old ones any more. */
  async #visit(
    desired: Desired,
    reasons: readonly Reason[],
    stopping: AbortSignal,
  ): Promise<PassMade | undefined> {
    const passing = new AbortController();
    const end = (): void => passing.abort(stopping.reason);
    stopping.addEventListener("abort", end, { once: true });
    this.#passing = passing;
    this.#update({ isAtWork: true });
    const { surroundings, verifySinksMs } = this.#options;
    const made = await makePass(
      {
        desired,
        observed: this.#state.observed,
        reasons,
        pause: this.#state.pause,
        sinks: this.#state.sinks?.found ?? [],
        looksIntoSinks: isLookDue(this.#state.sinks, verifySinksMs, surroundings.clock.now()),
      },
      this.#options,
      passing.signal,
    );
    this.#update({ isAtWork: false });
    this.#passing = undefined;
    stopping.removeEventListener("abort", end);
    return made;
  }

  #keep(report: TargetReport): void {
    const { version, caller } = report;
    this.#update({
      plan: keepPlan(report),
      ...(version !== undefined && { version }),
      ...(caller !== undefined && { caller }),
      sinks: lookAfter(this.#state.sinks, report, this.#options.surroundings.clock.now()),
      ...(report.plan && { tokens: tokensAbout(report.plan.after.tokens.values()) }),
    });
  }

  #note({ record, report }: PassMade, { target }: Desired): void {
    const nowMs = this.#options.surroundings.clock.now();
    const isSuccess = record.result === "synced" || record.result === "drift";
    // A pass that did not get to a plan says nothing of the switch.
    const hasLooked = report?.plan !== undefined;
    const maxPauseMs = target.safety.maxPauseMs;
    this.#update({
      isReady: true,
      history: [record, ...this.#state.history].slice(0, keptPasses),
      ...(isSuccess && { lastSuccessMs: nowMs }),
      ...(hasLooked && { pause: pauseAfter(this.#state.pause, record.isPaused, { nowMs, maxPauseMs }) }),
    });
    this.#options.onPass(target.name, record);
  }

  /** Until something begins or ends by itself: a validity, a token's secret, a pause. */
  #boundaryInMs(plan: TargetReport["plan"]): number | undefined {
    const nowMs = this.#options.surroundings.clock.now();
    const ends = [
      ...(plan?.boundaries ?? []).map(({ atSeconds }) => atSeconds * 1000),
      ...(plan?.rotations ?? []).map(({ rotatesAt }) => rotatesAt * 1000),
      this.#state.pause?.untilMs ?? Infinity,
    ].filter((end) => end > nowMs && end !== Infinity);
    return ends.length === 0 ? undefined : ends.reduce((a, b) => Math.min(a, b)) - nowMs;
  }

  #say(said: Parameters<typeof withConditions>[1], observed: Observed): void {
    const nowMs = this.#options.surroundings.clock.now();
    this.#update({ conditions: withConditions(this.#state.conditions, said, { nowMs, observed }) });
  }

  #update(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

const blank = {
  conditions: [],
  version: undefined,
  caller: undefined,
  pause: undefined,
  isAtWork: false,
  nextMs: undefined,
  lastSuccessMs: undefined,
  failures: 0,
  history: [],
  plan: undefined,
  tokens: [],
  sinks: undefined,
  isReady: false,
} as const;
