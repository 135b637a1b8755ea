// In: the differences that are to be carried out, both ends. Out: the writes, few and in an order that respects
// dependencies. Must not know: the wire.

import type { AccessState, Token, User } from "../model/access-state.ts";
import type { SecretDelivery } from "../model/delivery.ts";
import type { DesiredState } from "../model/desired.ts";
import { ownerOf, type GroupId, type RoleId } from "../model/ids.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import { sameTexts } from "../support/compare.ts";
import { grantsFor, revokesFor } from "./acl-writes.ts";
import type { Difference } from "./diff.ts";
import { dropsOf, poolDrop } from "./drops.ts";
import { pairsOf, type Pair } from "./pairs.ts";
import type { Operation, Write } from "./plan.ts";
import { poolWrites } from "./pool-writes.ts";
import { subjectExists } from "./subjects.ts";
import { needsReissue } from "./settle-objects.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

/** A difference with its index in the plan. */
export type Numbered = Difference & { readonly index: number };

interface Ends {
  readonly before: AccessState;
  readonly after: AccessState;
  readonly desired: DesiredState;
  readonly poolFeatures: PoolFeatures;
}

/**
 * The first order: make what is referred to, grant, disable, then revoke, then delete: who comes is there before who
 * goes leaves, of administrators above all. What the server drops with a deleted object needs no write of its own.
 * prove-order.ts reorders these where a prefix is not clean.
 */
export function draftOperations(differences: readonly Numbered[], ends: Ends): readonly Operation[] {
  const of = <K extends Difference["kind"]>(
    kind: K,
  ): readonly (Extract<Difference, { kind: K }> & Numbered)[] =>
    differences.filter(
      (difference): difference is Extract<Difference, { kind: K }> & Numbered => difference.kind === kind,
    );
  const [before, after] = [pairsOf(ends.before.acl), pairsOf(ends.after.acl)];
  const isDropped = (pair: Pair, role: RoleId): boolean =>
    !subjectExists(pair.subject, ends.after) ||
    !ends.after.roles.has(role) ||
    poolDrop(pair.path, ends) !== undefined;
  const pools = poolWrites(of("Pool"), ends.poolFeatures);
  return [
    ...of("Role").flatMap((role) => roleWrites(role)),
    ...of("Group").flatMap((group) => groupWrites(group)),
    ...of("User").flatMap((user) => (isDisabled(user) ? [] : userWrites(user, ends))),
    ...of("Token").flatMap((token) => tokenWrites(token, ends.desired)),
    ...pools.creates,
    ...grantsFor(of("ACL"), before, after),
    ...of("User").flatMap((user) => (isDisabled(user) ? userWrites(user, ends) : [])),
    ...pools.updates,
    ...revokesFor(of("ACL"), after, isDropped),
    ...deletes(differences, ends),
  ];
}

function isDisabled({ before, after }: Extract<Difference, { kind: "User" }>): boolean {
  return before?.user.enabled === true && after?.user.enabled === false;
}

function roleWrites({ before, after, index }: Extract<Numbered, { kind: "Role" }>): readonly Operation[] {
  if (!after) return [];
  return [{ kind: before ? "update-role" : "create-role", role: after, changes: [index] }];
}

function groupWrites({ before, after, index }: Extract<Numbered, { kind: "Group" }>): readonly Operation[] {
  if (!after) return [];
  if (before) return [{ kind: "update-group", id: after.id, comment: after.comment, changes: [index] }];
  return [{ kind: "create-group", group: { ...after, members: [] }, changes: [index] }];
}

function userWrites(difference: Extract<Numbered, { kind: "User" }>, ends: Ends): readonly Operation[] {
  const { before, after, index } = difference;
  if (!after) return [];
  if (!before) return createUser(difference, ends);
  const set = changedOf(before.user, after.user);
  // Deleting a group takes it from its members.
  const remaining = before.groups.filter((group) => ends.after.groups.has(group));
  const isMoved = !sameTexts(remaining, after.groups);
  if (!isMoved && Object.keys(set).length === 0) return [];
  const groups = isMoved ? { groups: after.groups } : {};
  return [{ kind: "update-user", id: after.user.id, set, ...groups, changes: [index] }];
}

/**
 * Groups and entries may name the user already, though it is not there (hand edits): creating it would wake them up. Then
 * it is created disabled, what is left over is taken away, and it is enabled when that is clean.
 */
function createUser({ after, index }: Extract<Numbered, { kind: "User" }>, ends: Ends): readonly Operation[] {
  if (!after) return [];
  const { user, groups } = after;
  const password = ends.desired.users.get(user.id)?.password?.origin;
  const leftOver = leftOverGroups(user, ends);
  const changes = [index];
  const wakes = user.enabled && (leftOver.length > 0 || hasRows(user, ends.before));
  const made = wakes ? { ...user, enabled: false } : user;
  return [
    { kind: "create-user", user: made, groups, ...(password && { password }), changes },
    ...(leftOver.some((group) => !groups.includes(group))
      ? [{ kind: "update-user", id: user.id, set: {}, groups, changes } as const]
      : []),
    ...(wakes ? [{ kind: "update-user", id: user.id, set: { enabled: true }, changes } as const] : []),
  ];
}

function hasRows({ id }: User, { acl }: AccessState): boolean {
  return acl.some(({ subject }) => subject.kind === "user" && subject.id === id);
}

function leftOverGroups(user: User, { before, after }: Ends): readonly GroupId[] {
  return [...before.groups.values()]
    .filter(({ id, members }) => after.groups.has(id) && members.includes(user.id))
    .map(({ id }) => id);
}

function tokenWrites(
  difference: Extract<Numbered, { kind: "Token" }>,
  desired: DesiredState,
): readonly Operation[] {
  const { before, after, index } = difference;
  if (!after) return [];
  const declared = desired.tokens.get(after.id);
  const changes = [index];
  if (!before)
    return issueToken({ kind: "create-token", token: after, changes }, after, declared?.deliveries ?? []);
  const { expire, ...rest } = changedOf(before, after);
  const update: readonly Operation[] =
    Object.keys(rest).length === 0 ? [] : [{ kind: "update-token", id: after.id, set: rest, changes }];
  if (expire === undefined) return update;
  if (!needsReissue(before, after))
    return [{ kind: "update-token", id: after.id, set: { ...rest, expire }, changes }];
  return [
    ...update,
    ...issueToken({ kind: "reissue-token", id: after.id, changes }, after, declared?.deliveries ?? []),
  ];
}

type Issue =
  | Omit<Extract<Write, { kind: "create-token" }>, "deliveries">
  | Omit<Extract<Write, { kind: "reissue-token" }>, "deliveries">;

/** The declared expiry is set by a write of its own, once the secret is delivered: so the server itself records that. */
function issueToken(
  issue: Issue & { readonly changes: readonly number[] },
  token: Token,
  deliveries: readonly SecretDelivery[],
): readonly Operation[] {
  // Without a sink the plan is refused (token-without-sink), so there is nothing to carry out.
  if (deliveries.length === 0) return [];
  const confirm = {
    kind: "update-token",
    id: token.id,
    set: { expire: token.expire },
    changes: issue.changes,
  } as const;
  return [{ ...issue, deliveries }, confirm];
}

/** Deletes, each with the changes that the server makes along with it. */
function deletes(
  differences: readonly Numbered[],
  { before, after, poolFeatures }: Ends,
): readonly Operation[] {
  const along = new Map<ChangeKey, number[]>();
  const take = (by: ChangeKey, index: number): void => {
    along.set(by, [...(along.get(by) ?? []), index]);
  };
  for (const difference of differences) {
    for (const by of dropsOf(difference, { before, after })) take(by, difference.index);
  }
  const changesOf = (key: ChangeKey): readonly number[] =>
    [...new Set(along.get(key) ?? [])].sort((a, b) => a - b);
  const gone = <K, V>(left: ReadonlyMap<K, V>, right: ReadonlyMap<K, V>): K[] =>
    [...left.keys()].filter((key) => !right.has(key)).sort();
  const tokens = gone(before.tokens, after.tokens).filter((token) => after.users.has(ownerOf(token)));
  return [
    ...tokens.map(
      (id) => ({ kind: "delete-token", id, changes: changesOf(changeKey("Token", id)) }) as const,
    ),
    ...gone(before.users, after.users).map(
      (id) => ({ kind: "delete-user", id, changes: changesOf(changeKey("User", id)) }) as const,
    ),
    ...gone(before.groups, after.groups).map(
      (id) => ({ kind: "delete-group", id, changes: changesOf(changeKey("Group", id)) }) as const,
    ),
    ...gone(before.roles, after.roles).map(
      (id) => ({ kind: "delete-role", id, changes: changesOf(changeKey("Role", id)) }) as const,
    ),
    // What is in a pool goes before it.
    ...gone(before.pools, after.pools)
      .reverse()
      .map(
        (id) =>
          ({
            kind: "delete-pool",
            id,
            features: poolFeatures,
            changes: changesOf(changeKey("Pool", id)),
          }) as const,
      ),
  ];
}

function changedOf<T extends { readonly id: string }>(before: T, after: T): Partial<Omit<T, "id">> {
  const changed = Object.entries(after).filter(([field, value]) => before[field as keyof T] !== value);
  // Proof: the entries are a subset of T's own, and the id never differs between two versions of one object.
  return Object.fromEntries(changed) as Partial<Omit<T, "id">>;
}
