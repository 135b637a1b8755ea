// In: the differences that are to be carried out, both ends. Out: the writes, few and in an order that respects
// dependencies. Must not know: the wire.

import { administrator } from "../access/lookup.ts";
import { root } from "../access/nodes.ts";
import { subjectExists } from "../model/subjects.ts";
import type { AccessState, User } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import {
  ownerOf,
  subjectKey,
  type AuthId,
  type GroupId,
  type RoleId,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import { sameTexts } from "../support/compare.ts";
import { grantsFor, revokesFor, type PairChange } from "./acl-writes.ts";
import { changedOf } from "./changed.ts";
import type { Difference, UserView } from "./difference.ts";
import { dropsOf, poolDrop } from "./drops.ts";
import { pairsOf, type Pair } from "./pairs.ts";
import type { Operation } from "./plan.ts";
import { poolWrites } from "./pool-writes.ts";
import { realmWrites } from "./realm-writes.ts";
import { changeKey, type ChangeKey } from "./settling.ts";
import { replacedTokens, replaceWrites, tokenWrites } from "./token-writes.ts";

/** A difference with its index in the plan. */
export type Numbered = Difference & { readonly index: number };

interface Ends {
  readonly before: AccessState;
  readonly after: AccessState;
  readonly desired: DesiredState;
  readonly nowSeconds: number;
  readonly caller: AuthId;
  readonly superuser: UserId;
  readonly poolFeatures: PoolFeatures;
}

/**
 * The first order: make what is referred to, grant, then revoke, then delete. An administrator is disabled after the
 * grants, when who comes in its place is there. What the server drops with a deleted object needs no write of its own.
 * prove-order.ts reorders these where a prefix is not clean.
 */
export function draftOperations(differences: readonly Numbered[], ends: Ends): readonly Operation[] {
  const of = <K extends Difference["kind"]>(
    kind: K,
  ): readonly (Extract<Difference, { kind: K }> & Numbered)[] =>
    differences.filter(
      (difference): difference is Extract<Difference, { kind: K }> & Numbered => difference.kind === kind,
    );
  const isLeaving = leavingAdministrators(ends);
  const [before, after] = [pairsOf(ends.before.acl), pairsOf(ends.after.acl)];
  const replaced = replacedTokens(of("Token"));
  // A token that is made again has its entries granted with it, and lost the others with its delete.
  const tokenOf = (pair: PairChange): TokenId | undefined => {
    const subject = (pair.after ?? pair.before)?.subject;
    return subject?.kind === "token" && replaced.has(subject.id) ? subject.id : undefined;
  };
  const pairs = of("ACL").filter((pair) => tokenOf(pair) === undefined);
  const isDropped = (pair: Pair, role: RoleId): boolean =>
    !subjectExists(pair.subject, ends.after) ||
    !ends.after.roles.has(role) ||
    poolDrop(pair.path, ends) !== undefined;
  const pools = poolWrites(of("Pool"), ends.poolFeatures);
  const realms = realmWrites(of("Realm"));
  return [
    ...realms.sets,
    ...of("Role").flatMap((role) => roleWrites(role)),
    ...of("Group").flatMap((group) => groupWrites(group)),
    ...of("User").flatMap((user) => (isLeaving(user) ? [] : userWrites(user, ends))),
    ...of("Token").flatMap((token) => tokenWrites(token, ends)),
    ...pools.creates,
    ...grantsFor(pairs, before, after),
    ...of("Token").flatMap((token) =>
      replaceWrites(
        token,
        of("ACL").filter((pair) => tokenOf(pair) === token.after?.id),
        ends,
      ),
    ),
    ...of("User").flatMap((user) => (isLeaving(user) ? userWrites(user, ends) : [])),
    ...pools.updates,
    ...revokesFor(pairs, after, isDropped),
    ...deletes(differences, ends),
    ...realms.deletes,
  ];
}

/** Who has the server's role for all on the root, itself or by a group, and is disabled. */
function leavingAdministrators({
  before: { acl },
}: Ends): (user: Extract<Difference, { kind: "User" }>) => boolean {
  const names = new Set(
    acl
      .filter(({ path, role }) => path === root && role === administrator)
      .map(({ subject }) => subjectKey(subject)),
  );
  return ({ before, after }) =>
    before?.user.enabled === true &&
    after?.user.enabled === false &&
    (names.has(subjectKey({ kind: "user", id: before.user.id })) ||
      before.groups.some((id) => names.has(subjectKey({ kind: "group", id }))));
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
  return [...updateUser({ before, after, index }, ends), ...passwordWrites(difference, ends)];
}

/** Whoever sets a password is asked for the own one, but for the superuser. */
function passwordWrites(
  { after, index, password }: Extract<Numbered, { kind: "User" }>,
  { desired, caller, superuser }: Ends,
): readonly Operation[] {
  const { credentials } = desired.target;
  if (!after || !password || credentials.kind !== "password") return [];
  const asks = caller !== superuser;
  const confirmation = asks && { confirmation: credentials.password };
  return [{ kind: "set-password", id: after.user.id, password, ...confirmation, changes: [index] }];
}

function updateUser(
  { before, after, index }: { readonly before: UserView; readonly after: UserView; readonly index: number },
  ends: Ends,
): readonly Operation[] {
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
