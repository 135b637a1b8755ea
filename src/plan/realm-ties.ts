// How the differences of realms hang together with others: what one is carried out with, or not at all.

import type { AccessState } from "../model/access-state.ts";
import { realmOf } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import { keyOf, type Difference } from "./difference.ts";
import type { Ends } from "./drops.ts";
import { markedRealm } from "./marked-realm.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

/** By difference, the others that it needs, whether they are there or not. */
export function realmTies(
  differences: readonly Difference[],
  ends: Ends,
): ReadonlyMap<ChangeKey, readonly ChangeKey[]> {
  const ties = new Map<ChangeKey, ChangeKey[]>();
  const tie = (one: ChangeKey, other: ChangeKey): void => {
    getOrAdd(ties, one, () => []).push(other);
  };
  const marked = markedRealm(ends);
  const gone = [...ends.before.realms.keys()].filter((id) => !ends.after.realms.has(id));
  for (const difference of differences) {
    const { kind, before, after } = difference;
    if (kind === "Realm" && before?.isDefault && after && !after.isDefault && marked)
      tie(keyOf(difference), changeKey("Realm", marked.id));
    // What a directory made is pruned only because the directory goes.
    if (before && !after && (kind === "User" || kind === "Group")) {
      const realm = gone.find((id) =>
        kind === "User" ? realmOf(before.user.id) === id : before.id.endsWith(`-${id}`),
      );
      if (realm !== undefined) tie(keyOf(difference), changeKey("Realm", realm));
    }
  }
  return ties;
}

/** Whether a state has other realms, or realms of other types: what a directory owns depends on these alone. */
export function hasSameRealms(one: AccessState["realms"], other: AccessState["realms"]): boolean {
  return one.size === other.size && [...one].every(([id, { type }]) => other.get(id)?.type === type);
}
