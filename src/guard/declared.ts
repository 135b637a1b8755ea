import type { AclEntry } from "../model/access-state.ts";
import type { DesiredPool, DesiredState } from "../model/desired.ts";
import {
  subjectKey,
  type AclPath,
  type GroupId,
  type PoolId,
  type Subject,
  type SubjectKey,
  type UserId,
} from "../model/ids.ts";
import { pathsOfMembers } from "../model/pool-paths.ts";
import type { Place } from "../support/place.ts";

/** What manifests ask for, as far as guards need to know it. What the annotation leaves alone counts as declared. */
export interface Declared {
  readonly hasEntry: (entry: AclEntry) => boolean;
  readonly hasMember: (group: GroupId, user: UserId) => boolean;
  /** The path of a guest or a storage. */
  readonly hasInPool: (pool: PoolId, member: AclPath) => boolean;
  /** Whether manifests ask that it is not there: by `ensure: absent`, or outside of a validity. */
  readonly lacksEntry: (entry: AclEntry) => boolean;
  readonly lacksMember: (group: GroupId, user: UserId) => boolean;
  /** Where that stands; undefined where nobody declares it. */
  readonly placeOfEntry: (entry: AclEntry) => Place | undefined;
  readonly placeOfMember: (group: GroupId, user: UserId) => Place | undefined;
  readonly placeOf: (subject: Subject) => Place | undefined;
}

export function declaredIn(desired: DesiredState): Declared {
  const entries = entriesIn(desired);
  const members = membersIn(desired);
  const objects = objectsIn(desired);
  return {
    ...entries,
    ...members,
    hasEntry: (entry) => entries.placeOfEntry(entry) !== undefined,
    hasMember: (group, user) => members.placeOfMember(group, user) !== undefined,
    hasInPool: (id, member) => {
      const pool = desired.pools.get(id);
      return pool?.ensure === "ignored" || pathsIn(pool).includes(member);
    },
    placeOf: (subject) => objects.get(subjectKey(subject)),
  };
}

function entriesIn({ acl }: DesiredState): Pick<Declared, "placeOfEntry" | "lacksEntry"> {
  /** Pairs that are left alone, and roles at pairs. */
  const had = new Map<string, Place>();
  /** Pairs that are to be empty, and roles at pairs. */
  const lacked = new Set<string>();
  for (const { path, subject, ensure, grants, revoked, outside, source: place } of acl) {
    const pair = `${path} ${subjectKey(subject)}`;
    if (ensure === "ignored") had.set(pair, place);
    if (ensure === "absent") lacked.add(pair);
    for (const { role, source } of grants) had.set(`${pair} ${role}`, source);
    for (const { role } of [...revoked, ...outside]) lacked.add(`${pair} ${role}`);
  }
  return {
    placeOfEntry: ({ path, subject, role }) => {
      const pair = `${path} ${subjectKey(subject)}`;
      return had.get(pair) ?? had.get(`${pair} ${role}`);
    },
    lacksEntry: ({ path, subject, role }) => {
      const pair = `${path} ${subjectKey(subject)}`;
      return lacked.has(pair) || lacked.has(`${pair} ${role}`);
    },
  };
}

function membersIn({
  users,
  groups,
  memberships,
}: DesiredState): Pick<Declared, "placeOfMember" | "lacksMember"> {
  const had = new Map<string, Place>();
  const lacked = new Set<string>();
  for (const { id, members: listed = [], source } of groups.values())
    for (const user of listed) had.set(`${id} ${user}`, source);
  for (const { id, groups: joined = [], source } of users.values())
    for (const group of joined) had.set(`${group} ${id}`, source);
  for (const { ensure, group, user, source } of memberships) {
    const member = `${group} ${user}`;
    if (ensure === "absent" || ensure === "outside") lacked.add(member);
    else had.set(member, source);
  }
  return {
    placeOfMember: (group, user) => had.get(`${group} ${user}`),
    lacksMember: (group, user) => lacked.has(`${group} ${user}`),
  };
}

function objectsIn({ users, groups, tokens }: DesiredState): ReadonlyMap<SubjectKey, Place> {
  return new Map([
    ...[...users.values()].map(({ id, source }) => [subjectKey({ kind: "user", id }), source] as const),
    ...[...groups.values()].map(({ id, source }) => [subjectKey({ kind: "group", id }), source] as const),
    ...[...tokens.values()].map(({ id, source }) => [subjectKey({ kind: "token", id }), source] as const),
  ]);
}

function pathsIn(pool: DesiredPool | undefined): readonly AclPath[] {
  return pool === undefined ? [] : pathsOfMembers({ vms: pool.vms ?? [], storages: pool.storages ?? [] });
}
