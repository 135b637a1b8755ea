// What somebody else changed between two reads, in words: an error that says only "it moved" helps nobody.

import type { AccessState } from "../model/access-state.ts";
import { isSameState } from "./compare.ts";
import { actionOf, diffStates, fieldsOf, nameOf, type Difference } from "./diff.ts";

/** As many as a message bears. */
const named = 5;

/** `Group ops was created`, …; empty where both are the same state. */
export function wordMoves(before: AccessState, after: AccessState): readonly string[] {
  if (isSameState(before, after)) return [];
  const moves = diffStates(before, after).map(wordMove);
  if (moves.length === 0) return ["a pool or a realm was changed"];
  const rest = moves.length - named;
  return rest > 0 ? [...moves.slice(0, named), `and ${rest} more`] : moves;
}

function wordMove(difference: Difference): string {
  const object = `${difference.kind} ${nameOf(difference)}`;
  switch (actionOf(difference)) {
    case "create":
      return `${object} was created`;
    case "delete":
      return `${object} was deleted`;
    case "update":
      return `${object} was changed (${fieldsOf(difference)
        .map(({ field }) => field)
        .join(", ")})`;
  }
}
