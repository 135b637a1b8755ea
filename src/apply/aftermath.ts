// After a failed write: which of the others may still follow. The plan's order was proved as a whole; without one of its
// writes the rest is judged anew, on the state that was really reached.

import type { Undo } from "../access/trial.ts";
import type { Operation } from "../plan/plan.ts";
import { Proof, type ProofInput, type Violation } from "../plan/proof.ts";

export class Aftermath {
  readonly #proof: Proof;
  #last: Undo | undefined;

  constructor(input: ProofInput, done: readonly Operation[]) {
    this.#proof = new Proof(input);
    for (const operation of done) this.#proof.attempt(operation);
  }

  /** Why a write must not follow; undefined where it may: it then counts as made. */
  objectionTo(operation: Operation): string | undefined {
    const { violations, undo } = this.#proof.attempt(operation);
    const [worst] = [...violations].sort((a, b) => Number(a.kind === "gap") - Number(b.kind === "gap"));
    if (worst === undefined) {
      this.#last = undo;
      return undefined;
    }
    undo();
    return wordObjection(worst);
  }

  /** The write that was let through did not happen either. */
  takeBack(): void {
    this.#last?.();
    this.#last = undefined;
  }
}

function wordObjection({ kind, id, path, privileges }: Violation): string {
  const what = `${privileges.join(", ")} on ${path}`;
  return kind === "excess"
    ? `after what failed, it would leave ${id} with ${what}, which neither the old nor the new state gives`
    : `after what failed, it would leave ${id} without ${what}, which both the old and the new state give`;
}
