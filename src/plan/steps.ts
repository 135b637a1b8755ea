// Which writes nothing may come between, in a plan's order as in an apply that is interrupted.

import type { TokenId } from "../model/ids.ts";
import type { Operation, Write } from "./plan.ts";

/** A token's creation follows the delete that makes room for it, and what confirms its secret follows at once. */
export function goesWith(operation: Write, previous: Write | undefined): boolean {
  if (previous === undefined) return false;
  if (operation.kind === "create-token") {
    return previous.kind === "delete-token" && previous.id === operation.token.id;
  }
  return operation.kind === "update-token" && issuedBy(previous) === operation.id;
}

/** The token that a write gives a secret. */
function issuedBy(write: Write): TokenId | undefined {
  if (write.kind === "create-token") return write.token.id;
  return write.kind === "reissue-token" ? write.id : undefined;
}

/** Operations that follow one another without another in between. */
export function stepsOf(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const steps: Operation[][] = [];
  for (const operation of operations) {
    const step = steps.at(-1);
    if (step && goesWith(operation, step.at(-1))) step.push(operation);
    else steps.push([operation]);
  }
  return steps;
}

/** The tokens that writes delete and make again. */
export function replacedIn(operations: readonly Write[]): ReadonlySet<TokenId> {
  const deleted = new Set(operations.flatMap((write) => (write.kind === "delete-token" ? [write.id] : [])));
  const made = operations.flatMap((write) => (write.kind === "create-token" ? [write.token.id] : []));
  return new Set(made.filter((id) => deleted.has(id)));
}
