// In: two access states. Out: the differences by identity, ordered. Must not know: why they differ.

import type { AccessState } from "../model/access-state.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import { compareText } from "../support/compare.ts";
import { actionOf, nameOf, type Difference, type Sides, type UserView } from "./difference.ts";
import { fieldsOf } from "./fields.ts";
import { pairsOf } from "./pairs.ts";
import { noRemarks, type Remarks } from "./settling.ts";

/** The ordered differences: what comes first in the dependencies first, deletes in reverse at the end. */
export function diffStates(
  before: AccessState,
  after: AccessState,
  { tokens, passwords }: Pick<Remarks, "tokens" | "passwords"> = noRemarks(),
): readonly Difference[] {
  const differences: Difference[] = [
    ...diffMaps(before.roles, after.roles).map((sides) => ({ kind: "Role" as const, ...sides })),
    ...diffMaps(before.groups, after.groups).map((sides) => ({ kind: "Group" as const, ...sides })),
    ...diffMaps(userViews(before), userViews(after)).map((sides) => {
      const password = sides.after && passwords.get(sides.after.user.id);
      return { kind: "User" as const, ...sides, ...(password && { password }) };
    }),
    ...diffMaps(before.tokens, after.tokens).map((sides) => ({
      kind: "Token" as const,
      ...sides,
      ...(sides.after && tokens.get(sides.after.id)),
    })),
    ...diffMaps(pairsOf(before.acl), pairsOf(after.acl)).map((sides) => ({ kind: "ACL" as const, ...sides })),
  ].filter((difference) => actionOf(difference) !== "update" || fieldsOf(difference).length > 0);
  const rank = (difference: Difference): number =>
    actionOf(difference) === "delete" ? 10 - ranks[difference.kind] : ranks[difference.kind];
  return differences.sort((a, b) => rank(a) - rank(b) || compareText(nameOf(a), nameOf(b)));
}

const ranks: Readonly<Record<Difference["kind"], number>> = { Role: 0, Group: 1, User: 2, Token: 3, ACL: 4 };

function diffMaps<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): Sides<V>[] {
  const sides: Sides<V>[] = [];
  for (const [key, value] of before) {
    const other = after.get(key);
    if (other === undefined) sides.push({ before: value });
    else if (other !== value) sides.push({ before: value, after: other });
  }
  for (const [key, value] of after) if (!before.has(key)) sides.push({ after: value });
  return sides;
}

function userViews(state: AccessState): ReadonlyMap<UserId, UserView> {
  const groups = groupsByUser(state);
  return new Map([...state.users].map(([id, user]) => [id, { user, groups: groups.get(id) ?? [] }]));
}

/** The groups of every member, sorted. */
export function groupsByUser(state: AccessState): ReadonlyMap<UserId, readonly GroupId[]> {
  const groups = new Map<UserId, GroupId[]>();
  for (const group of [...state.groups.values()].sort((a, b) => compareText(a.id, b.id))) {
    for (const member of group.members) {
      const known = groups.get(member);
      if (known) known.push(group.id);
      else groups.set(member, [group.id]);
    }
  }
  return groups;
}
