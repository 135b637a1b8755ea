// In: the writes of a plan in a first order. Out: the same writes in a proved one, split or bridged where that is what
// it takes, and a note for every moment that could not be made clean. Must not know: requests.

import { compareText } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import type { Step } from "./order.ts";
import { bestOrder } from "./orders.ts";
import { pairName } from "./pairs.ts";
import type { Operation } from "./plan.ts";
import { freshChild, Proof, type ProofInput, type Violation } from "./proof.ts";
import { changeKey, type ChangeKey, type Note } from "./settling.ts";

export interface Proved {
  readonly operations: readonly Operation[];
  readonly notes: readonly Note[];
}

/** `changeAt` gives the change of a pair or a pool, so that a write carries all changes that it makes, and no other. */
export function proveOrder(
  draft: readonly Operation[],
  input: ProofInput,
  changeAt: (key: ChangeKey) => number | undefined,
): Proved {
  if (draft.length === 0) return { operations: [], notes: [] };
  const { operations, violations } = bestOrder(stepsOf(draft), new Proof(input));
  return {
    operations: operations.map((operation) => relabelled(operation, changeAt)),
    notes: notesFor(violations, operations),
  };
}

/** A token's secret is delivered between its creation and the write that confirms it: nothing comes between the two. */
function stepsOf(draft: readonly Operation[]): readonly Step[] {
  const steps: Operation[][] = [];
  let open: Operation[] | undefined;
  for (const operation of draft) {
    if (open && operation.kind === "update-token") {
      open.push(operation);
      open = undefined;
      continue;
    }
    const step = [operation];
    steps.push(step);
    open = operation.kind === "create-token" || operation.kind === "reissue-token" ? step : undefined;
  }
  return steps;
}

function relabelled(operation: Operation, changeAt: (key: ChangeKey) => number | undefined): Operation {
  const changed = changedBy(operation);
  if (changed === undefined) return operation;
  const changes = changed.flatMap((key) => changeAt(key) ?? []);
  // A helper may stand where nothing changes: it serves the changes that wait for it.
  if (changes.length === 0) return operation;
  return { ...operation, changes: [...new Set(changes)].sort((a, b) => a - b) };
}

/** Of writes that are split or joined while the order is proved; undefined of those that keep their changes. */
function changedBy(operation: Operation): readonly ChangeKey[] | undefined {
  if (operation.kind === "grant" || operation.kind === "revoke") {
    return operation.subjects.map((subject) => changeKey("ACL", pairName(operation.path, subject)));
  }
  if (operation.kind !== "update-pool" || operation.members?.way !== "in") return undefined;
  const pools = [operation.id, ...operation.members.moved.map(({ from }) => from)];
  return pools.map((id) => changeKey("Pool", id));
}

/** What stands for all below a path that has no entry of its own is said so. */
function wordPath(path: string): string {
  return path.endsWith(freshChild) ? `below ${path.slice(0, -freshChild.length) || "/"}` : `on ${path}`;
}

type Found = { readonly after: number; readonly violation: Violation };

/** One note for each moment and kind: who holds too much, or too little, until the write that mends it. */
function notesFor(violations: readonly Found[], operations: readonly Operation[]): readonly Note[] {
  const moments = groupBy(violations, ({ after, violation }) => `${after} ${violation.kind}`);
  return [...moments.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const { after } = first;
    const { kind } = first.violation;
    const what = found
      .map(
        ({ violation }) => `${violation.id} ${wordPath(violation.path)}: ${violation.privileges.join(", ")}`,
      )
      .sort(compareText);
    const between =
      after + 2 <= operations.length
        ? `between writes ${after + 1} and ${after + 2}`
        : `after write ${after + 1}`;
    return [
      {
        severity: "warning",
        code: kind === "excess" ? "transient-excess" : "transient-gap",
        message:
          kind === "excess"
            ? `${between} somebody holds what neither the old nor the new state gives: ${what.join("; ")}`
            : `${between} somebody lacks what both the old and the new state give: ${what.join("; ")}`,
        about: [],
        count: found.length,
      } as const,
    ];
  });
}
