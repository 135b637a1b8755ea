// In: two access states. Out: the differences by identity, ordered. Must not know: why they differ.

import type { AccessState, Realm } from "../model/access-state.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import { compareText, sameTexts } from "../support/compare.ts";
import { actionOf, nameOf, type Difference, type Sides, type UserView } from "./difference.ts";
import { fieldsOf } from "./fields.ts";
import { pairsOf, type Pair } from "./pairs.ts";
import { noRemarks, type Remarks } from "./settling.ts";

/** The ordered differences: what comes first in the dependencies first, deletes in reverse at the end. */
export function diffStates(
  before: AccessState,
  after: AccessState,
  { tokens, passwords, realms }: Pick<Remarks, "tokens" | "passwords" | "realms"> = noRemarks(),
): readonly Difference[] {
  const differences: Difference[] = [
    ...diffRealms(before, after, realms).map((sides) => ({
      kind: "Realm" as const,
      ...sides,
      ...(sides.after && realms.get(sides.after.id)),
    })),
    ...diffMaps(before.roles, after.roles).map((sides) => ({ kind: "Role" as const, ...sides })),
    ...diffMaps(before.groups, after.groups).map((sides) => ({ kind: "Group" as const, ...sides })),
    ...diffUsers(before, after, passwords).map((sides) => {
      const password = sides.after && passwords.get(sides.after.user.id);
      return { kind: "User" as const, ...sides, ...(password && { password }) };
    }),
    ...diffMaps(before.tokens, after.tokens).map((sides) => ({
      kind: "Token" as const,
      ...sides,
      ...(sides.after && tokens.get(sides.after.id)),
    })),
    ...diffMaps(before.pools, after.pools).map((sides) => ({ kind: "Pool" as const, ...sides })),
    ...diffAcl(before, after).map((sides) => ({ kind: "ACL" as const, ...sides })),
  ].filter((difference) => actionOf(difference) !== "update" || fieldsOf(difference).length > 0);
  const rank = (difference: Difference): number =>
    actionOf(difference) === "delete" ? 14 - ranks[difference.kind] : ranks[difference.kind];
  return differences.sort((a, b) => rank(a) - rank(b) || compareNames(a, b));
}

const ranks: Readonly<Record<Difference["kind"], number>> = {
  Realm: 0,
  Role: 1,
  Group: 2,
  User: 3,
  Token: 4,
  Pool: 5,
  ACL: 6,
};

/** A pool comes after the one that it is in, and goes before it. */
function compareNames(a: Difference, b: Difference): number {
  const order = compareText(nameOf(a), nameOf(b));
  return a.kind === "Pool" && actionOf(a) === "delete" ? -order : order;
}

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

/** A secret is set of one that stays as it is. */
function diffRealms(before: AccessState, after: AccessState, remarks: Remarks["realms"]): Sides<Realm>[] {
  const asked = [...remarks].flatMap(([id, { secrets }]): Sides<Realm>[] => {
    if (secrets === undefined) return [];
    const [one, other] = [before.realms.get(id), after.realms.get(id)];
    return one !== undefined && one === other ? [{ before: one, after: one }] : [];
  });
  return [...diffMaps(before.realms, after.realms), ...asked];
}

/** Most users are the same object on both sides: those cost a look at their groups. A password is set of one that is. */
function diffUsers(
  before: AccessState,
  after: AccessState,
  passwords: ReadonlyMap<UserId, unknown>,
): Sides<UserView>[] {
  const had = groupsByUser(before);
  const has = isSameMap(before.groups, after.groups) ? had : groupsByUser(after);
  const sides: Sides<UserView>[] = [];
  for (const [id, user] of before.users) {
    const other = after.users.get(id);
    const view = { user, groups: had.get(id) ?? [] };
    const groups = has.get(id) ?? [];
    if (other === undefined) sides.push({ before: view });
    else if (other !== user || !sameTexts(view.groups, groups) || passwords.has(id)) {
      sides.push({ before: view, after: { user: other, groups } });
    }
  }
  for (const [id, user] of after.users) {
    if (!before.users.has(id)) sides.push({ after: { user, groups: has.get(id) ?? [] } });
  }
  return sides;
}

function diffAcl(before: AccessState, after: AccessState): Sides<Pair>[] {
  return before.acl === after.acl ? [] : diffMaps(pairsOf(before.acl), pairsOf(after.acl));
}

function isSameMap<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
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
