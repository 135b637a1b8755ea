// In: questions of whoever looks at the page. Out: answers, from a read of the target with what may only read. Holds back:
// a question must cost the servers, and this process, no more than a pass does (docs/decisions/040).

import type { readForQuestions, Reading } from "../reconcile/ask.ts";
import type { Ended, Surroundings } from "../reconcile/open.ts";
import { DeadlineError, startDeadline } from "../support/deadline.ts";
import type { Desired } from "./tending.ts";

export type Question = Parameters<Reading["answer"]>[0];

/** What became of a question. */
export type Heard =
  | {
      readonly kind: "answered";
      readonly answer: ReturnType<Reading["answer"]>;
      readonly version: string;
      readonly caller: string;
      readonly readMs: number;
    }
  | { readonly kind: "unread"; readonly error: Ended["error"] }
  /** Others ask too much, or the daemon stops. */
  | { readonly kind: "busy" };

export interface ExplorerOptions {
  readonly surroundings: Surroundings;
  readonly read: typeof readForQuestions;
}

const limits = {
  /** One question follows another: so long the last read answers those of its target. */
  keptMs: 30_000,
  readsAMinute: 20,
  waiting: 4,
  readMs: 20_000,
};

interface Kept {
  readonly desired: Desired;
  readonly reading: Reading;
  readonly readMs: number;
}

export class Explorer {
  readonly #options: ExplorerOptions;
  readonly #stopping = new AbortController();
  #kept: Kept | undefined;
  #begun: readonly number[] = [];
  #waiting = 0;
  #isForgetting = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ExplorerOptions) {
    this.#options = options;
  }

  async ask(desired: Desired, question: Question): Promise<Heard> {
    if (desired.target.suspend) return suspended;
    if (this.#waiting >= limits.waiting) return { kind: "busy" };
    this.#waiting += 1;
    const heard = this.#turn.then(() => this.#hear(desired, question));
    this.#turn = heard.catch(() => undefined);
    try {
      return await heard;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** No read is begun any more, and the one under way is ended. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the daemon is stopping"));
    await this.#turn;
  }

  async #hear(desired: Desired, question: Question): Promise<Heard> {
    const { clock, logger } = this.#options.surroundings;
    const kept = this.#usable(desired) ?? (await this.#read(desired));
    if ("kind" in kept) return kept;
    const { reading, readMs } = kept;
    const answer = reading.answer(question, Math.floor(clock.now() / 1000));
    logger.info("question", { target: desired.target.name, ...asFields(question, answer) });
    return {
      kind: "answered",
      answer,
      version: reading.version,
      caller: reading.caller,
      readMs,
    };
  }

  /** Of this target as it is declared now: other credentials may see something else. */
  #usable(desired: Desired): Kept | undefined {
    const isFresh = this.#now() - (this.#kept?.readMs ?? -Infinity) < limits.keptMs;
    return isFresh && this.#kept?.desired === desired ? this.#kept : undefined;
  }

  async #read(desired: Desired): Promise<Kept | Heard> {
    const nowMs = this.#now();
    this.#begun = this.#begun.filter((begunMs) => nowMs - begunMs < 60_000);
    if (this.#stopping.signal.aborted || this.#begun.length >= limits.readsAMinute) return { kind: "busy" };
    this.#begun = [...this.#begun, nowMs];
    this.#kept = undefined;
    const { read, surroundings } = this.#options;
    const deadline = startDeadline(limits.readMs, this.#stopping.signal);
    try {
      const reading = await read(desired, surroundings, deadline.signal);
      if ("status" in reading) return { kind: "unread", error: reading.error };
      const kept = { desired, reading, readMs: this.#now() };
      this.#kept = kept;
      void this.#forget();
      return kept;
    } catch (error) {
      if (!deadline.signal.aborted) throw error;
      return deadline.signal.reason instanceof DeadlineError ? tooLong : { kind: "busy" };
    } finally {
      deadline.stop();
    }
  }

  /** A large target takes tens of megabytes, which nobody asks for any more. One sleep, however many reads there were. */
  async #forget(): Promise<void> {
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    try {
      while (this.#kept !== undefined) {
        const leftMs = this.#kept.readMs + limits.keptMs - this.#now();
        if (leftMs <= 0) this.#kept = undefined;
        else await this.#options.surroundings.clock.sleep(leftMs, this.#stopping.signal);
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    } finally {
      this.#isForgetting = false;
    }
  }

  #now(): number {
    return this.#options.surroundings.clock.now();
  }
}

const suspended: Heard = {
  kind: "unread",
  error: {
    code: "suspended",
    message: "spec.suspend is set: the daemon leaves the target alone, and does not ask it",
    hint: "rolecall access asks it all the same",
  },
};

const tooLong: Heard = {
  kind: "unread",
  error: { code: "took-too-long", message: `the server was not read within ${limits.readMs / 1000} s` },
};

/** What names nothing may be anything: a password that somebody typed into the wrong field. */
function asFields(
  { subject, path, privilege }: Question,
  answer: ReturnType<Reading["answer"]>,
): Readonly<Record<string, string>> {
  if (answer.kind === "mistakes") return { mistakes: answer.mistakes.map(({ field }) => field).join(",") };
  return {
    ...(subject !== undefined && { subject }),
    ...(path !== undefined && { path }),
    ...(privilege !== undefined && { privilege }),
  };
}
