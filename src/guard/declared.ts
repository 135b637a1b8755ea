import type { AclEntry } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import { subjectKey, type GroupId, type UserId } from "../model/ids.ts";

/** What manifests ask for, as far as guards need to know it. What the annotation leaves alone counts as declared. */
export interface Declared {
  readonly hasEntry: (entry: AclEntry) => boolean;
  readonly hasMember: (group: GroupId, user: UserId) => boolean;
}

export function declaredIn({ users, groups, memberships, acl }: DesiredState): Declared {
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
    hasMember: (group, user) => members.has(`${group} ${user}`),
  };
}
