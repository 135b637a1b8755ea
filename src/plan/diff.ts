// In: two access states. Out: the differences by identity, typed, each with its fields. Must not know: why they differ.

import type { AccessState, Group, Role, Token, User } from "../model/access-state.ts";
import type { GroupId, RoleId, UserId } from "../model/ids.ts";
import { wordSeconds } from "../model/lifetime.ts";
import { wordReference, type SecretReference } from "../model/secret.ts";
import { compareText } from "../support/compare.ts";
import type { FieldChange, FieldValue, GrantValue } from "./plan.ts";
import { pairName, pairsOf, type Pair } from "./pairs.ts";
import type { RenewalReason } from "./renewal.ts";
import { changeKey, noRemarks, type ChangeKey, type Remarks, type TokenRemark } from "./settling.ts";

/** A user with the groups that it is in, sorted: a membership is the field `groups` of its user. */
export interface UserView {
  readonly user: User;
  readonly groups: readonly GroupId[];
}

interface Sides<T> {
  readonly before?: T;
  readonly after?: T;
}

export type Difference =
  | ({ readonly kind: "User"; readonly password?: SecretReference } & Sides<UserView>)
  | ({ readonly kind: "Group" } & Sides<Group>)
  | ({ readonly kind: "Role" } & Sides<Role>)
  | ({ readonly kind: "Token" } & Sides<Token> & TokenRemark)
  | ({ readonly kind: "ACL" } & Sides<Pair>);

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
      return userFields(difference);
    case "Group":
      return changedFields(difference, ({ comment }) => ({ comment }));
    case "Role":
      return changedFields(difference, ({ privileges }) => ({ privileges }));
    case "Token":
      return tokenFields(difference);
    case "ACL":
      return changedFields(difference, ({ roles }) => ({ roles: grantValues(roles) }));
  }
}

function userFields(difference: Extract<Difference, { kind: "User" }>): readonly FieldChange[] {
  const fields = changedFields(difference, ({ user, groups }) => ({
    enabled: user.enabled,
    expire: user.expire,
    firstName: user.firstName,
    lastName: user.lastName,
    email: user.email,
    comment: user.comment,
    groups,
  }));
  if (difference.password === undefined) return fields;
  const after = `set again from ${wordReference(difference.password)}, since it does not log in`;
  return [...fields, { field: "password", before: null, after, foundByApply: true }];
}

/** A secret is named by what becomes of it; a lifetime by its length, since an instant would differ in every plan. */
function tokenFields(difference: Extract<Difference, { kind: "Token" }>): readonly FieldChange[] {
  const { renewal, lifetime } = difference;
  const isFound = renewal?.reason === "not-in-sink";
  const fields = changedFields(difference, ({ privilegeSeparation, expire, comment }) => ({
    privilegeSeparation,
    expire,
    comment,
  })).map((field) => {
    if (field.field !== "expire" || lifetime === undefined) return field;
    const after = `in ${wordSeconds(lifetime.seconds)}`;
    return { ...field, after, ...(isFound && { foundByApply: true as const }) };
  });
  if (renewal === undefined) return fields;
  const secret = { field: "secret", before: null, after: secretWords[renewal.reason] };
  return [...fields, { ...secret, ...(isFound && { foundByApply: true as const }) }];
}

const secretWords: Readonly<Record<RenewalReason, string>> = {
  undelivered: "new, since the last one was not delivered",
  earlier: "new, since the last one ends earlier than declared",
  due: "new, since the last one is due",
  asked: "new, as asked for",
  "not-in-sink": "new, since a sink does not hold the last one",
};

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
