// What a delete takes along on the server, and where that reaches what the target does not own.

import type { AccessState } from "../model/access-state.ts";
import { ownerOf, type TokenId, type UserId } from "../model/ids.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { poolDrop, subjectDrop } from "./drops.ts";
import { pairName, pairsOf, type Pair } from "./pairs.ts";
import { subjectExists } from "../model/subjects.ts";
import { changeKey, type ChangeKey, type Note, type Settling } from "./settling.ts";

/** A finding for every delete whose cascade would take something out of scope, protected or left alone. */
export function findForeignCascades(
  live: AccessState,
  wanted: AccessState,
  settling: Settling,
): readonly Note[] {
  if (!isAnythingGone(live, wanted)) return [];
  const losses = new Map<ChangeKey, string[]>();
  const lose = (by: ChangeKey, what: string): void => {
    losses.set(by, [...(losses.get(by) ?? []), what]);
  };
  const ignored = new Set(
    settling.desired.acl
      .filter(({ ensure }) => ensure === "ignored")
      .map((pair) => pairName(pair.path, pair.subject)),
  );
  for (const pair of pairsOf(live.acl).values()) {
    const isForeign = ignored.has(pairName(pair.path, pair.subject)) || isForeignPair(pair, settling);
    if (isForeign) losePair(pair, { live, wanted }, lose);
  }
  for (const token of live.tokens.keys()) {
    const owner = ownerOf(token);
    if (live.users.has(owner) && !wanted.users.has(owner) && isForeignToken(token, settling)) {
      lose(changeKey("User", owner), `token ${token}`);
    }
  }
  loseMemberships({ live, wanted }, settling, lose);
  return sortedBy(losses.keys(), (key) => key).map((key) => noteFor(key, losses.get(key) ?? []));
}

/** Most plans delete nothing: then nothing is taken along. */
function isAnythingGone(live: AccessState, wanted: AccessState): boolean {
  const lacks = (before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean =>
    [...before.keys()].some((id) => !after.has(id));
  return (
    lacks(live.users, wanted.users) ||
    lacks(live.groups, wanted.groups) ||
    lacks(live.roles, wanted.roles) ||
    lacks(live.tokens, wanted.tokens) ||
    lacks(live.pools, wanted.pools)
  );
}

type Lose = (by: ChangeKey, what: string) => void;
interface Ends {
  readonly live: AccessState;
  readonly wanted: AccessState;
}

function losePair(pair: Pair, { live, wanted }: Ends, lose: Lose): void {
  const name = `ACL entry ${pairName(pair.path, pair.subject)}`;
  const pool = poolDrop(pair.path, { before: live, after: wanted });
  if (pool !== undefined) lose(changeKey("Pool", pool), name);
  if (subjectExists(pair.subject, live) && !subjectExists(pair.subject, wanted)) {
    lose(subjectDrop(pair.subject, wanted), name);
    return;
  }
  for (const role of pair.roles.keys()) {
    if (live.roles.has(role) && !wanted.roles.has(role)) lose(changeKey("Role", role), name);
  }
}

function loseMemberships({ live, wanted }: Ends, settling: Settling, lose: Lose): void {
  const { ownership } = settling;
  for (const group of live.groups.values()) {
    if (!wanted.groups.has(group.id)) {
      for (const member of group.members.filter((user) => isForeignUser(user, settling))) {
        lose(changeKey("Group", group.id), `membership of ${member}`);
      }
    }
    if (ownership.groupInScope(group.id)) continue;
    for (const member of group.members) {
      if (live.users.has(member) && !wanted.users.has(member)) {
        lose(changeKey("User", member), `membership in ${group.id}`);
      }
    }
  }
}

function isForeignPair({ path, subject }: Pair, { ownership }: Settling): boolean {
  return !ownership.pairInScope(path, subject) || ownership.pairStays(subject) !== undefined;
}

/** Not the superuser, who has everything without groups, nor users of a directory, who come and go with groups. */
function isForeignUser(user: UserId, { ownership, desired, live }: Settling): boolean {
  if (!live.users.has(user) || ownership.isSuperuser(user)) return false;
  if (desired.users.get(user)?.ensure === "ignored") return true;
  return !ownership.userInScope(user) && !ownership.isDirectoryUser(user);
}

function isForeignToken(token: TokenId, { ownership, desired }: Settling): boolean {
  if (!ownership.tokenInScope(token) || ownership.tokenStays(token) !== undefined) return true;
  return desired.tokens.get(token)?.ensure === "ignored";
}

function noteFor(key: ChangeKey, losses: readonly string[]): Note {
  const shown = sortedSet(losses);
  return {
    severity: "error",
    code: "cascade-out-of-scope",
    message: `deleting ${key} would take along what is not this target's to delete: ${shown.join(", ")}`,
    about: [key],
    count: shown.length,
  };
}
