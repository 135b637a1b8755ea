// In: a live state without the members of pools, and what the manifests want. Out: the pools whose members have to be
// read, one request each. Must not know: how they are read.
//
// Members decide two things: what a manifest of a pool changes, and what entries give on guests and storages. Of the
// second: for one user or token and a member of a pool, the server adds the roles that count on the pool to those that
// count on the member. Where nothing stands for it below the root on the way to the pool, the pool's roles are those of
// the root; where nothing stands for it below the root on the way to the member either, so are the member's, and the pool
// adds nothing. So members matter only of a pool with an entry at it or between it and the root, and of all pools where
// one user or token has an entry on the root that reaches down and another at or above a member. Whatever a plan does to
// entries and groups, it leads from what is live to what is declared, at whatever time, so both are looked at together.

import { nodesOf, root } from "../access/nodes.ts";
import type { AccessState } from "../model/access-state.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { subjectKey, type GroupId, type PoolId, type UserId } from "../model/ids.ts";
import { pathOfPool } from "../model/pool-paths.ts";
import { getOrAdd } from "../support/maps.ts";

export function poolsToRead(listed: AccessState, desired: DesiredOverTime): ReadonlySet<PoolId> {
  const all = [...listed.pools.keys()];
  if (all.length === 0 || mayWritePools(desired)) return new Set(all);
  const rows = [
    ...listed.acl.map(({ path, subject, propagate }) => ({ path, key: subjectKey(subject), propagate })),
    ...desired.acl.map(({ path, subject, grants }) => ({
      path,
      key: subjectKey(subject),
      propagate: grants.some(({ propagate }) => propagate),
    })),
  ];
  if (isReplacedBelowRoot(rows, listed, desired)) return new Set(all);
  const named = new Set<string>(rows.map(({ path }) => path));
  const hasEntry = (id: PoolId): boolean =>
    nodesOf(pathOfPool(id)).some((node) => node !== root && named.has(node));
  return new Set(all.filter(hasEntry));
}

/** A guest that should be in one pool may be in any other; what is pruned has to be emptied first. */
function mayWritePools({ pools, target: { prune, safety } }: DesiredOverTime): boolean {
  return pools.size > 0 || (prune.pools !== false && safety.allowEmpty.includes("pools"));
}

interface Row {
  readonly path: string;
  readonly key: string;
  readonly propagate: boolean;
}

function isReplacedBelowRoot(rows: readonly Row[], listed: AccessState, desired: DesiredOverTime): boolean {
  const atRoot = new Set(
    rows.flatMap(({ path, key, propagate }) => (path === "/" && propagate ? [key] : [])),
  );
  const atMembers = new Set(
    rows.flatMap(({ path, key }) => (/^\/(?:vms|storage)(?:\/|$)/u.test(path) ? [key] : [])),
  );
  if (atRoot.size === 0 || atMembers.size === 0) return false;
  if ([...atRoot].some((key) => atMembers.has(key))) return true;
  return [...groupsOfUsers(listed, desired)].some(([user, groups]) => {
    const keys = [`user:${user}`, ...[...groups].map((group) => `group:${group}`)];
    return keys.some((key) => atRoot.has(key)) && keys.some((key) => atMembers.has(key));
  });
}

/** Every group that a user is in or may come into. */
function groupsOfUsers(
  listed: AccessState,
  desired: DesiredOverTime,
): ReadonlyMap<UserId, ReadonlySet<GroupId>> {
  const groups = new Map<UserId, Set<GroupId>>();
  const join = (user: UserId, group: GroupId): void => {
    getOrAdd(groups, user, () => new Set<GroupId>()).add(group);
  };
  for (const { id, members } of listed.groups.values()) for (const user of members) join(user, id);
  for (const { id, members = [] } of desired.groups.values()) for (const user of members) join(user, id);
  for (const { id, groups: joined = [] } of desired.users.values())
    for (const group of joined) join(id, group);
  for (const { group, user } of desired.memberships) join(user, group);
  return groups;
}
