import { Trial } from "../access/trial.ts";
import type { Operation } from "../plan/plan.ts";
import { tryWrite } from "../plan/try-write.ts";
import type { Evidence } from "./evidence.ts";

/** A moment of an apply: the state after so many writes, and the write that comes next. */
export interface Prefix {
  /** Moves on with the next step: to be asked, not kept. */
  readonly trial: Trial;
  readonly done: number;
  readonly next: Operation;
}

/** Every moment before a write, from the first to the last. */
export function* prefixesOf({ plan, nowSeconds }: Evidence): Generator<Prefix, void, undefined> {
  const trial = new Trial(plan.before, nowSeconds);
  for (const [done, next] of plan.operations.entries()) {
    yield { trial, done, next };
    tryWrite(trial, next);
  }
}
