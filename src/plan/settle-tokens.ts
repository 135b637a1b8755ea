// Tokens: what should be there of each, and which of them need a new secret.

import type { Token, User } from "../model/access-state.ts";
import type { DesiredToken } from "../model/desired.ts";
import { ownerOf, subjectKey, type TokenId, type UserId } from "../model/ids.ts";
import { pairName, pairsOf } from "./pairs.ts";
import { endsSoon, renewalReason, settledExpiry, type RenewalReason, type RenewalWay } from "./renewal.ts";
import { originOf } from "./settle-objects.ts";
import { changeKey, fateOf, settleUndeclared, type Note, type Remarks, type Settling } from "./settling.ts";

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
  wanted.set(token.id, declaredToken(token, live, settling, remarks));
}

function declaredToken(
  token: DesiredToken,
  live: Token | undefined,
  settling: Settling,
  remarks: Remarks,
): Token {
  const { nowSeconds } = settling;
  const reason = live && renewalReason(token, live, settling);
  const way = live && reason && wayOf(token, live, settling);
  if (token.deliveries.length === 0 && (live === undefined || reason !== undefined)) {
    remarks.notes.push(withoutSink(token, reason));
  } else if (reason !== undefined && way === undefined) {
    remarks.notes.push(unsupported(token, reason, settling));
  }
  const isStuck = reason !== undefined && way === undefined;
  // An old secret is never extended: without a new one the end stays where it is.
  const { expire, fromNow } =
    isStuck && live
      ? { expire: live.expire, fromNow: false }
      : settledExpiry(token.expire, live, nowSeconds, way === undefined ? "kept" : "new");
  remarks.tokens.set(token.id, {
    ...(reason !== undefined && way !== undefined && { renewal: { reason, way } }),
    ...(fromNow && typeof token.expire === "object" && { lifetime: token.expire }),
  });
  return {
    id: token.id,
    privilegeSeparation: token.privilegeSeparation ?? live?.privilegeSeparation ?? true,
    expire,
    comment: settledComment(token, live, settling, remarks),
  };
}

function settledComment(
  { id, comment, source }: DesiredToken,
  live: Token | undefined,
  { keepsTokenComments }: Settling,
  remarks: Remarks,
): string {
  const kept = live?.comment ?? "";
  if (comment !== "" || kept === "" || !keepsTokenComments) return comment ?? kept;
  remarks.notes.push({
    severity: "warning",
    code: "token-comment-stays",
    message: `token ${id} keeps its comment: releases before 9.1 change one, and do not take it off: declare another one, or leave the field out`,
    source,
    about: [changeKey("Token", id)],
  });
  return kept;
}

/** How the new secret is made; undefined where it can't be, or must not. */
function wayOf(token: DesiredToken, live: Token, settling: Settling): RenewalWay | undefined {
  if (settling.regenerates) return "inPlace";
  // What ends within the hour was not delivered, or is of no more use: nobody misses it while its token is made again.
  const mayReplace = endsSoon(live, settling.nowSeconds) || token.rotation === "replace";
  const isProtected = settling.ownership.tokenStays(token.id) === "protected";
  return mayReplace && !isProtected && soleEntries(token.id, settling).length === 0 ? "replace" : undefined;
}

/**
 * The entries of a token that only the server knows: deleting it would take them along, and if the process ended before
 * they are granted again, nobody would know of them.
 */
function soleEntries(token: TokenId, { live, desired, ownership }: Settling): readonly string[] {
  const decided = new Set(
    desired.acl
      // Where a manifest only takes roles away, the others of the pair are nobody's.
      .filter(({ ensure, grants }) => ensure === "absent" || (ensure === "present" && grants.length > 0))
      .map(({ path, subject }) => pairName(path, subject)),
  );
  const own = live.acl.filter(({ subject }) => subjectKey(subject) === `token:${token}`);
  return [...pairsOf(own)].flatMap(([name, { path, subject }]) => {
    if (decided.has(name)) return [];
    const standing = {
      inScope: ownership.pairInScope(path, subject),
      stays: ownership.pairStays(subject),
    };
    return fateOf("ACL", standing, desired) === "stays" ? [path] : [];
  });
}

const reasonWords: Readonly<Record<RenewalReason, string>> = {
  undelivered: "has no secret that was delivered",
  earlier: "expires earlier on the server than declared",
  due: "is due for a new secret",
  asked: "is asked to get a new secret",
  "not-in-sink": "has a secret that its sink does not hold",
};

function unsupported(token: DesiredToken, reason: RenewalReason, settling: Settling): Note {
  const sole = soleEntries(token.id, settling);
  const said =
    sole.length > 0
      ? `no manifest declares its ACL entries on ${sole.join(", ")}, which would be lost with it: declare them`
      : settling.ownership.tokenStays(token.id) === "protected"
        ? "it is protected, so it is not deleted and made again: renew it by hand"
        : "let it be deleted, made and granted again (spec.rotation: replace), or renew it by hand";
  return {
    // What somebody asked for by name and can't have is not to be passed over.
    severity: reason === "asked" ? "error" : "warning",
    code: "rotation-unsupported",
    message: `token ${token.id} ${reasonWords[reason]}, and this server can't make one in place: ${said}`,
    source: token.source,
    about: [changeKey("Token", token.id)],
  };
}

function withoutSink(token: DesiredToken, reason: RenewalReason | undefined): Note {
  return {
    severity: "error",
    code: "token-without-sink",
    message:
      reason === undefined
        ? `token ${token.id} would be created and its secret lost: its manifest names no sink (spec.sinks)`
        : `token ${token.id} ${reasonWords[reason]}, so it needs a new secret, and no sink is named for it: ` +
          "add spec.sinks, or declare the expiry that it has",
    source: token.source,
    about: [changeKey("Token", token.id)],
  };
}

function noOwner(token: DesiredToken, owner: UserId, { live }: Settling): Note {
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
