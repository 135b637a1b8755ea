import type { AclEntry } from "../model/access-state.ts";
import type { DesiredPool, DesiredState } from "../model/desired.ts";
import { subjectKey, type AclPath, type GroupId, type PoolId, type UserId } from "../model/ids.ts";
import { pathsOfMembers } from "../model/pool-paths.ts";

/** What manifests ask for, as far as guards need to know it. What the annotation leaves alone counts as declared. */
export interface Declared {
  readonly hasEntry: (entry: AclEntry) => boolean;
  readonly hasMember: (group: GroupId, user: UserId) => boolean;
  /** The path of a guest or a storage. */
  readonly hasInPool: (pool: PoolId, member: AclPath) => boolean;
}

export function declaredIn({ users, groups, memberships, acl, pools }: DesiredState): Declared {
  const entries = new Set<string>();
  const ignored = new Set<string>();
  for (const { path, subject, ensure, grants } of acl) {
    const pair = `${path} ${subjectKey(subject)}`;
    if (ensure === "ignored") ignored.add(pair);
    for (const { role } of grants) entries.add(`${pair} ${role}`);
  }
  const members = new Set<string>();
  for (const { id, members: listed = [] } of groups.values())
    for (const user of listed) members.add(`${id} ${user}`);
  for (const { id, groups: joined = [] } of users.values())
    for (const group of joined) members.add(`${group} ${id}`);
  for (const { group, user } of memberships) members.add(`${group} ${user}`);
  return {
    hasEntry: ({ path, subject, role }) => {
      const pair = `${path} ${subjectKey(subject)}`;
      return ignored.has(pair) || entries.has(`${pair} ${role}`);
    },
    hasInPool: (id, member) => {
      const pool = pools.get(id);
      return pool?.ensure === "ignored" || pathsIn(pool).includes(member);
    },
    hasMember: (group, user) => members.has(`${group} ${user}`),
  };
}

function pathsIn(pool: DesiredPool | undefined): readonly AclPath[] {
  return pool === undefined ? [] : pathsOfMembers({ vms: pool.vms ?? [], storages: pool.storages ?? [] });
}
