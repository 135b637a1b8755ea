// What carries an order over a dead end: a helper that stands for a while, and is taken away again. What a crash leaves
// behind is removed by the next pass: the server forgets the entries of the tool's own roles with them, and a refusal
// stands only at a pair that the plan changes anyway.

import type { RoleId } from "../model/ids.ts";
import type { Operation } from "./plan.ts";

export interface Bridge {
  readonly up: readonly Operation[];
  /** Empty where a pending write undoes the helper: an emptied role gets what it is to hold. */
  readonly down: readonly Operation[];
}

/** Names that begin so are the tool's own: whatever a crash leaves behind is removed by the next pass. */
const temporaryPrefix = "rolecall-tmp-";

export function isTemporary(role: RoleId): boolean {
  return role.startsWith(temporaryPrefix);
}

/** A name of the tool's own that no role has. */
export function unusedName(isUsed: (role: RoleId) => boolean): RoleId {
  for (let number = 1; ; number++) {
    // Proof: the prefix and a number are a role's name on every product.
    const id = `${temporaryPrefix}${number}` as RoleId;
    if (!isUsed(id)) return id;
  }
}
