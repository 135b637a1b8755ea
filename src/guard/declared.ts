import type { AclEntry } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import { subjectKey, type GroupId, type UserId } from "../model/ids.ts";

/** What manifests ask for, as far as guards need to know it. What the annotation leaves alone counts as declared. */
export interface Declared {
  readonly hasEntry: (entry: AclEntry) => boolean;
  readonly hasMember: (group: GroupId, user: UserId) => boolean;
  /** Whether manifests ask that it is not there: by `ensure: absent`, or outside of a validity. */
  readonly lacksEntry: (entry: AclEntry) => boolean;
  readonly lacksMember: (group: GroupId, user: UserId) => boolean;
}

export function declaredIn(desired: DesiredState): Declared {
  return { ...declaredEntries(desired), ...declaredMembers(desired) };
}

function declaredEntries({ acl }: DesiredState): Pick<Declared, "hasEntry" | "lacksEntry"> {
  /** Pairs, and roles at pairs. */
  const had = new Set<string>();
  const lacked = new Set<string>();
  for (const { path, subject, ensure, grants, revoked, outside } of acl) {
    const pair = `${path} ${subjectKey(subject)}`;
    if (ensure === "ignored") had.add(pair);
    if (ensure === "absent") lacked.add(pair);
    for (const { role } of grants) had.add(`${pair} ${role}`);
    for (const { role } of [...revoked, ...outside]) lacked.add(`${pair} ${role}`);
  }
  const isIn = (set: ReadonlySet<string>, { path, subject, role }: AclEntry): boolean => {
    const pair = `${path} ${subjectKey(subject)}`;
    return set.has(pair) || set.has(`${pair} ${role}`);
  };
  return { hasEntry: (entry) => isIn(had, entry), lacksEntry: (entry) => isIn(lacked, entry) };
}

function declaredMembers({
  users,
  groups,
  memberships,
}: DesiredState): Pick<Declared, "hasMember" | "lacksMember"> {
  const had = new Set<string>();
  const lacked = new Set<string>();
  for (const { id, members: listed = [] } of groups.values())
    for (const user of listed) had.add(`${id} ${user}`);
  for (const { id, groups: joined = [] } of users.values())
    for (const group of joined) had.add(`${group} ${id}`);
  for (const { ensure, group, user } of memberships) {
    const isLacking = ensure === "absent" || ensure === "outside";
    (isLacking ? lacked : had).add(`${group} ${user}`);
  }
  return {
    hasMember: (group, user) => had.has(`${group} ${user}`),
    lacksMember: (group, user) => lacked.has(`${group} ${user}`),
  };
}
