// In: two access states. Out: the differences by identity, typed, each with its fields. Must not know: why they differ.

import type { AccessState, Group, Pool, Role, Token, User } from "../model/access-state.ts";
import type { GroupId, RoleId, UserId } from "../model/ids.ts";
import { compareText, sameTexts } from "../support/compare.ts";
import type { FieldChange, FieldValue, GrantValue } from "./plan.ts";
import { pairName, pairsOf, type Pair } from "./pairs.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

/** A user with the groups that it is in, sorted: a membership is the field `groups` of its user. */
interface UserView {
  readonly user: User;
  readonly groups: readonly GroupId[];
}

interface Sides<T> {
  readonly before?: T;
  readonly after?: T;
}

export type Difference =
  | ({ readonly kind: "User" } & Sides<UserView>)
  | ({ readonly kind: "Group" } & Sides<Group>)
  | ({ readonly kind: "Role" } & Sides<Role>)
  | ({ readonly kind: "Token" } & Sides<Token>)
  | ({ readonly kind: "Pool" } & Sides<Pool>)
  | ({ readonly kind: "ACL" } & Sides<Pair>);

/** The ordered differences: what comes first in the dependencies first, deletes in reverse at the end. */
export function diffStates(before: AccessState, after: AccessState): readonly Difference[] {
  const differences: Difference[] = [
    ...diffMaps(before.roles, after.roles).map((sides) => ({ kind: "Role" as const, ...sides })),
    ...diffMaps(before.groups, after.groups).map((sides) => ({ kind: "Group" as const, ...sides })),
    ...diffUsers(before, after).map((sides) => ({ kind: "User" as const, ...sides })),
    ...diffMaps(before.tokens, after.tokens).map((sides) => ({ kind: "Token" as const, ...sides })),
    ...diffMaps(before.pools, after.pools).map((sides) => ({ kind: "Pool" as const, ...sides })),
    ...diffAcl(before, after).map((sides) => ({ kind: "ACL" as const, ...sides })),
  ].filter((difference) => actionOf(difference) !== "update" || fieldsOf(difference).length > 0);
  const rank = (difference: Difference): number =>
    actionOf(difference) === "delete" ? 12 - ranks[difference.kind] : ranks[difference.kind];
  return differences.sort((a, b) => rank(a) - rank(b) || compareNames(a, b));
}

const ranks: Readonly<Record<Difference["kind"], number>> = {
  Role: 0,
  Group: 1,
  User: 2,
  Token: 3,
  Pool: 4,
  ACL: 5,
};

/** A pool comes after the one that it is in, and goes before it. */
function compareNames(a: Difference, b: Difference): number {
  const order = compareText(nameOf(a), nameOf(b));
  return a.kind === "Pool" && actionOf(a) === "delete" ? -order : order;
}

export function actionOf({ before, after }: Difference): "create" | "update" | "delete" {
  if (before === undefined) return "create";
  return after === undefined ? "delete" : "update";
}

export function nameOf(difference: Difference): string {
  if (difference.kind === "User") return (difference.after ?? difference.before)?.user.id ?? "";
  if (difference.kind === "ACL") {
    const pair = difference.after ?? difference.before;
    return pair ? pairName(pair.path, pair.subject) : "";
  }
  return (difference.after ?? difference.before)?.id ?? "";
}

export function keyOf(difference: Difference): ChangeKey {
  return changeKey(difference.kind, nameOf(difference));
}

export function fieldsOf(difference: Difference): readonly FieldChange[] {
  switch (difference.kind) {
    case "User":
      return changedFields(difference, ({ user, groups }) => ({
        enabled: user.enabled,
        expire: user.expire,
        firstName: user.firstName,
        lastName: user.lastName,
        email: user.email,
        comment: user.comment,
        groups,
      }));
    case "Group":
      return changedFields(difference, ({ comment }) => ({ comment }));
    case "Role":
      return changedFields(difference, ({ privileges }) => ({ privileges }));
    case "Token":
      return changedFields(difference, ({ privilegeSeparation, expire, comment }) => ({
        privilegeSeparation,
        expire,
        comment,
      }));
    case "Pool":
      return changedFields(difference, ({ comment, members }) => ({
        comment,
        vms: members?.vms.map(String) ?? null,
        storages: members?.storages ?? null,
      }));
    case "ACL":
      return changedFields(difference, ({ roles }) => ({ roles: grantValues(roles) }));
  }
}

function changedFields<T>(
  { before, after }: Sides<T>,
  view: (value: T) => Record<string, FieldValue>,
): FieldChange[] {
  const left = before && view(before);
  const right = after && view(after);
  return Object.keys(left ?? right ?? {}).flatMap((field) => {
    const change = { field, before: left?.[field] ?? null, after: right?.[field] ?? null };
    if (left && right) return isSameValue(change.before, change.after) ? [] : [change];
    // A new or vanishing object shows what it has; an empty text or list is nothing to show.
    return isEmpty(change.before) && isEmpty(change.after) ? [] : [change];
  });
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function isSameValue(a: FieldValue, b: FieldValue): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function grantValues(roles: ReadonlyMap<RoleId, boolean>): readonly GrantValue[] {
  return [...roles]
    .map(([role, propagate]) => ({ role, propagate }))
    .sort((a, b) => compareText(a.role, b.role));
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

/** Most users are the same object on both sides: those cost a look at their groups. */
function diffUsers(before: AccessState, after: AccessState): Sides<UserView>[] {
  const had = groupsByUser(before);
  const has = isSameMap(before.groups, after.groups) ? had : groupsByUser(after);
  const sides: Sides<UserView>[] = [];
  for (const [id, user] of before.users) {
    const other = after.users.get(id);
    const view = { user, groups: had.get(id) ?? [] };
    const groups = has.get(id) ?? [];
    if (other === undefined) sides.push({ before: view });
    else if (other !== user || !sameTexts(view.groups, groups)) {
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
