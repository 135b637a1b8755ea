// Users, groups and tokens: what should be there of each, without memberships.

import type { Group, Token, User } from "../model/access-state.ts";
import type { DesiredGroup, DesiredToken, DesiredUser } from "../model/desired.ts";
import { ownerOf, type GroupId, type TokenId, type UserId } from "../model/ids.ts";
import type { Place } from "../support/place.ts";
import { changeKey, settleUndeclared, type ChangeKey, type Remarks, type Settling } from "./settling.ts";

export function settleUsers(settling: Settling, remarks: Remarks): ReadonlyMap<UserId, User> {
  const { live, desired, ownership } = settling;
  const wanted = new Map<UserId, User>();
  for (const user of live.users.values()) {
    const isOurs = !ownership.isSuperuser(user.id) && !desired.users.has(user.id);
    const standing = { inScope: ownership.userInScope(user.id), stays: ownership.userStays(user.id) };
    const fate = isOurs
      ? settleUndeclared("User", { name: user.id, ...standing }, settling, remarks)
      : "stays";
    if (fate !== "delete") wanted.set(user.id, fate === "disable" ? { ...user, enabled: false } : user);
  }
  for (const user of desired.users.values()) {
    const key = changeKey("User", user.id);
    remarks.origins.set(key, originOf(user));
    if (user.ensure === "ignored") continue;
    if (ownership.isDirectoryUser(user.id) && !ownership.userInScope(user.id)) {
      remarks.notes.push(outOfScope(`user ${user.id} is made by its directory`, user.source, key));
    } else if (user.ensure === "absent") wanted.delete(user.id);
    else wanted.set(user.id, sameOr(live.users.get(user.id), declaredUser(user, live.users.get(user.id))));
  }
  return wanted;
}

/** The live object itself where it is as declared: nobody need compare the two again. */
function sameOr<T extends object>(live: T | undefined, declared: T): T {
  if (live === undefined) return declared;
  // Proof: both are of one type, whose fields are plain values.
  const isSame = Object.keys(declared).every(
    (field) => live[field as keyof T] === declared[field as keyof T],
  );
  return isSame ? live : declared;
}

function declaredUser(desired: DesiredUser, live: User | undefined): User {
  return {
    id: desired.id,
    enabled: desired.enabled ?? live?.enabled ?? true,
    expire: desired.expire ?? live?.expire ?? 0,
    firstName: desired.firstName ?? live?.firstName ?? "",
    lastName: desired.lastName ?? live?.lastName ?? "",
    email: desired.email ?? live?.email ?? "",
    comment: desired.comment ?? live?.comment ?? "",
  };
}

/** Groups with the members that they have now; settleMembers decides who should be in them. */
export function settleGroups(settling: Settling, remarks: Remarks): ReadonlyMap<GroupId, Group> {
  const { live, desired, ownership } = settling;
  const wanted = new Map<GroupId, Group>();
  for (const group of live.groups.values()) {
    const standing = { inScope: ownership.groupInScope(group.id), stays: ownership.groupStays(group.id) };
    const isOurs = !desired.groups.has(group.id);
    const fate = isOurs
      ? settleUndeclared("Group", { name: group.id, ...standing }, settling, remarks)
      : "stays";
    if (fate === "stays") wanted.set(group.id, group);
  }
  for (const group of desired.groups.values()) {
    const key = changeKey("Group", group.id);
    remarks.origins.set(key, originOf(group));
    if (group.ensure === "ignored") continue;
    if (ownership.isDirectoryGroup(group.id) && !ownership.groupInScope(group.id)) {
      remarks.notes.push(outOfScope(`group ${group.id} is made by its directory`, group.source, key));
    } else if (group.ensure === "absent") wanted.delete(group.id);
    else
      wanted.set(
        group.id,
        sameOr(live.groups.get(group.id), declaredGroup(group, live.groups.get(group.id))),
      );
  }
  return wanted;
}

function declaredGroup(desired: DesiredGroup, live: Group | undefined): Group {
  return {
    id: desired.id,
    comment: desired.comment ?? live?.comment ?? "",
    members: live?.members ?? [],
  };
}

/** Tokens of owners that stay; the others go with their owner. */
export function settleTokens(
  users: ReadonlyMap<UserId, User>,
  settling: Settling,
  remarks: Remarks,
): ReadonlyMap<TokenId, Token> {
  const { live, desired, ownership } = settling;
  const wanted = new Map<TokenId, Token>();
  for (const token of live.tokens.values()) {
    if (!users.has(ownerOf(token.id))) {
      remarks.origins.set(changeKey("Token", token.id), { reason: "cascade" });
      continue;
    }
    const standing = { inScope: ownership.tokenInScope(token.id), stays: ownership.tokenStays(token.id) };
    const isOurs = !desired.tokens.has(token.id);
    const fate = isOurs
      ? settleUndeclared("Token", { name: token.id, ...standing }, settling, remarks)
      : "stays";
    if (fate === "stays") wanted.set(token.id, token);
  }
  for (const token of desired.tokens.values()) settleToken(token, { users, wanted }, settling, remarks);
  return wanted;
}

function settleToken(
  token: DesiredToken,
  { users, wanted }: { users: ReadonlyMap<UserId, User>; wanted: Map<TokenId, Token> },
  settling: Settling,
  remarks: Remarks,
): void {
  const key = changeKey("Token", token.id);
  const owner = ownerOf(token.id);
  const live = settling.live.tokens.get(token.id);
  if (live === undefined || users.has(owner)) remarks.origins.set(key, originOf(token));
  if (token.ensure === "absent") wanted.delete(token.id);
  if (token.ensure !== "present" || settling.desired.users.get(owner)?.ensure === "absent") return;
  if (!users.has(owner) && owner !== settling.product.superuser) {
    remarks.notes.push(noOwner(token, owner, settling));
    return;
  }
  wanted.set(token.id, {
    id: token.id,
    privilegeSeparation: token.privilegeSeparation ?? live?.privilegeSeparation ?? true,
    expire: token.expire ?? live?.expire ?? 0,
    comment: token.comment ?? live?.comment ?? "",
  });
  if (token.deliveries.length === 0 && (live === undefined || needsReissue(live, token))) {
    remarks.notes.push(withoutSink(token, live));
  }
}

/**
 * A live expiry earlier than the declared one says that the secret was not delivered (it is created to live an hour) or
 * has run out: an old secret is never extended, a new one is issued.
 */
export function needsReissue(live: Token, desired: { readonly expire?: number }): boolean {
  if (desired.expire === undefined || live.expire === 0) return false;
  return desired.expire === 0 || live.expire < desired.expire;
}

function withoutSink(token: DesiredToken, live: Token | undefined): Remarks["notes"][number] {
  return {
    severity: "error",
    code: "token-without-sink",
    message: live
      ? `token ${token.id} expires earlier on the server than declared, so it needs a new secret, and no sink is named for it: ` +
        "add spec.sinks, or declare the expiry that it has"
      : `token ${token.id} would be created and its secret lost: its manifest names no sink (spec.sinks)`,
    source: token.source,
    about: [changeKey("Token", token.id)],
  };
}

function noOwner(token: DesiredToken, owner: UserId, { live }: Settling): Remarks["notes"][number] {
  const isPruned = live.users.has(owner);
  return {
    severity: "error",
    code: isPruned ? "reference-unmanaged" : "reference-unknown",
    message: isPruned
      ? `token ${token.id} belongs to ${owner}, which prune would delete: declare the user, or put it out of scope`
      : `token ${token.id} belongs to ${owner}, which neither the manifests nor the server has`,
    source: token.source,
    about: [changeKey("Token", token.id)],
  };
}

function outOfScope(what: string, source: Place, key: ChangeKey): Remarks["notes"][number] {
  return {
    severity: "error",
    code: "out-of-scope",
    message: `${what}, so it is out of scope: name its realm in the target's scope.directories, or don't declare it`,
    source,
    about: [key],
  };
}

function originOf(object: { readonly ensure: string; readonly source: Place }): {
  readonly reason: "absent" | "declared";
  readonly source: Place;
} {
  return { reason: object.ensure === "absent" ? "absent" : "declared", source: object.source };
}
