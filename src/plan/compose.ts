import type { AccessState, AclEntry, Group } from "../model/access-state.ts";
import type { UserId } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { groupsByUser } from "./diff.ts";
import type { Ends } from "./drops.ts";
import { pairsOf, type Pairs } from "./pairs.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

/** The state after only the taken changes: those objects as they end, all others as they begin. */
export function composeState({ before, after }: Ends, taken: ReadonlySet<ChangeKey>): AccessState {
  const users = compose(before.users, after.users, (id) => taken.has(changeKey("User", id)));
  const groups = compose(before.groups, after.groups, (id) => taken.has(changeKey("Group", id)));
  return {
    users,
    groups: withMembers(groups, { before, after }, taken),
    roles: compose(before.roles, after.roles, (id) => taken.has(changeKey("Role", id))),
    tokens: compose(before.tokens, after.tokens, (id) => taken.has(changeKey("Token", id))),
    acl: entriesOf(
      compose(pairsOf(before.acl), pairsOf(after.acl), (name) => taken.has(changeKey("ACL", name))),
    ),
    realms: compose(before.realms, after.realms, (id) => taken.has(changeKey("Realm", id))),
    pools: compose(before.pools, after.pools, (id) => taken.has(changeKey("Pool", id))),
  };
}

function compose<K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
  isTaken: (key: K) => boolean,
): ReadonlyMap<K, V> {
  const composed = new Map<K, V>();
  for (const [key, value] of before) if (!isTaken(key)) composed.set(key, value);
  for (const [key, value] of after) if (isTaken(key)) composed.set(key, value);
  return composed;
}

/** A membership belongs to its user's change; what vanished users left in a group stays. */
function withMembers(
  groups: AccessState["groups"],
  ends: Ends,
  taken: ReadonlySet<ChangeKey>,
): AccessState["groups"] {
  const sides = { before: groupsByUser(ends.before), after: groupsByUser(ends.after) };
  const members = new Map<string, UserId[]>();
  for (const user of new Set([...sides.before.keys(), ...sides.after.keys()])) {
    const side = taken.has(changeKey("User", user)) ? sides.after : sides.before;
    for (const group of side.get(user) ?? []) members.set(group, [...(members.get(group) ?? []), user]);
  }
  return new Map(
    [...groups].map(([id, group]): [typeof id, Group] => [
      id,
      { ...group, members: sortedSet(members.get(id) ?? []) },
    ]),
  );
}

export function entriesOf(pairs: Pairs): readonly AclEntry[] {
  return [...pairs.values()].flatMap(({ path, subject, roles }) =>
    [...roles].map(([role, propagate]) => ({ path, subject, role, propagate })),
  );
}
