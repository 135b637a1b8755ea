// In: the writes of a plan in a first order. Out: the same writes in a proved one, split or bridged where that is what
// it takes, and a note for every moment that could not be made clean. Must not know: requests.

import type { AclPath, AuthId, Subject } from "../model/ids.ts";
import { compareText } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import { orderSteps } from "./order.ts";
import type { Operation } from "./plan.ts";
import { stepsOf } from "./steps.ts";
import { freshChild, Proof, type ProofInput, type Violation } from "./proof.ts";
import type { Note } from "./settling.ts";

export interface Proved {
  readonly operations: readonly Operation[];
  readonly notes: readonly Note[];
}

/** `changeAt` gives the change of a pair, so that a rectangle carries all changes that it makes. */
export function proveOrder(
  draft: readonly Operation[],
  input: ProofInput,
  changeAt: (path: AclPath, subject: Subject) => number | undefined,
): Proved {
  if (draft.length === 0) return { operations: [], notes: [] };
  const steps = stepsOf(draft);
  const own = steps.filter((step) => renewsCaller(step, input.caller));
  const others = steps.filter((step) => !own.includes(step));
  const { operations, violations } = orderSteps(others, new Proof(input));
  return {
    operations: [...operations, ...own.flat()].map((operation) => relabelled(operation, changeAt)),
    notes: notesFor(violations, operations),
  };
}

/** The caller's old secret ends with the write, so it comes last; it changes nobody's permissions. */
function renewsCaller(step: readonly Operation[], caller: AuthId): boolean {
  return step.some((operation) => operation.kind === "reissue-token" && operation.id === caller);
}

function relabelled(operation: Operation, changeAt: Parameters<typeof proveOrder>[2]): Operation {
  if (operation.kind !== "grant" && operation.kind !== "revoke") return operation;
  const changes = operation.subjects.flatMap((subject) => changeAt(operation.path, subject) ?? []);
  return { ...operation, changes: [...new Set(changes)].sort((a, b) => a - b) };
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
