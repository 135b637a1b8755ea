// Which deletes carry a difference out: the server drops with an object what belongs to it.

import { poolsAlong } from "../model/pool-paths.ts";
import type { AccessState } from "../model/access-state.ts";
import { ownerOf, type AclPath, type PoolId, type Subject, type TokenId } from "../model/ids.ts";
import type { Difference } from "./difference.ts";
import type { Pair } from "./pairs.ts";
import { subjectExists } from "../model/subjects.ts";
import { markedRealm } from "./marked-realm.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

export interface Ends {
  readonly before: AccessState;
  readonly after: AccessState;
}

/** The deletes that carry a difference out, wholly or in part; a deleted object is its own. */
export function dropsOf(difference: Difference, { before, after }: Ends): readonly ChangeKey[] {
  switch (difference.kind) {
    case "User":
      if (difference.before && !difference.after) return [changeKey("User", difference.before.user.id)];
      return (difference.before?.groups ?? [])
        .filter((id) => !after.groups.has(id))
        .map((id) => changeKey("Group", id));
    case "Group":
    case "Role":
      return difference.before && !difference.after ? [changeKey(difference.kind, difference.before.id)] : [];
    case "Token":
      return difference.before && !difference.after ? [tokenDrop(difference.before.id, after)] : [];
    case "ACL":
      return difference.before ? pairDrops(difference.before, { before, after }) : [];
    case "Realm": {
      if (!difference.before) return [];
      if (!difference.after) return [changeKey("Realm", difference.before.id)];
      const marked = markedRealm({ before, after });
      const isUnmarked = difference.before.isDefault && !difference.after.isDefault && marked;
      return isUnmarked ? [changeKey("Realm", marked.id)] : [];
    }
    case "Pool":
      return difference.before && !difference.after ? [changeKey("Pool", difference.before.id)] : [];
  }
}

/** A token goes with its owner, or by a write of its own. */
function tokenDrop(token: TokenId, after: AccessState): ChangeKey {
  const owner = ownerOf(token);
  return after.users.has(owner) ? changeKey("Token", token) : changeKey("User", owner);
}

/** The pool whose deletion takes the entries of a path: the innermost, which goes before those that it is in. */
export function poolDrop(
  path: AclPath,
  { before, after }: { readonly [End in keyof Ends]: Pick<AccessState, "pools"> },
): PoolId | undefined {
  return poolsAlong(path).find((id) => before.pools.has(id) && !after.pools.has(id));
}

/** A row goes with its subject, a token's with the token or its owner, with its role or its pool: whichever comes first. */
function pairDrops({ path, subject, roles }: Pair, { before, after }: Ends): readonly ChangeKey[] {
  const pool = poolDrop(path, { before, after });
  const isGone = !subjectExists(subject, after) && subjectExists(subject, before);
  const own = subject.kind === "token" ? [changeKey("Token", subject.id)] : [];
  return [
    ...new Set([
      ...(isGone ? [subjectDrop(subject, after), ...own] : []),
      ...[...roles.keys()].filter((role) => !after.roles.has(role)).map((role) => changeKey("Role", role)),
      ...(pool === undefined ? [] : [changeKey("Pool", pool)]),
    ]),
  ];
}

/** The delete that takes a subject that is gone afterwards. */
export function subjectDrop(subject: Subject, after: AccessState): ChangeKey {
  switch (subject.kind) {
    case "user":
      return changeKey("User", subject.id);
    case "group":
      return changeKey("Group", subject.id);
    case "token":
      return tokenDrop(subject.id, after);
  }
}
