import type { AclEntry } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import { subjectKey, type GroupId, type Subject, type SubjectKey, type UserId } from "../model/ids.ts";
import type { Place } from "../support/place.ts";

/** What manifests ask for, as far as guards need to know it. What the annotation leaves alone counts as declared. */
export interface Declared {
  readonly hasEntry: (entry: AclEntry) => boolean;
  readonly hasMember: (group: GroupId, user: UserId) => boolean;
  /** Where that stands; undefined where nobody declares it. */
  readonly placeOfEntry: (entry: AclEntry) => Place | undefined;
  readonly placeOfMember: (group: GroupId, user: UserId) => Place | undefined;
  readonly placeOf: (subject: Subject) => Place | undefined;
}

export function declaredIn(desired: DesiredState): Declared {
  const placeOfEntry = entriesIn(desired);
  const placeOfMember = membersIn(desired);
  const objects = objectsIn(desired);
  return {
    placeOfEntry,
    placeOfMember,
    hasEntry: (entry) => placeOfEntry(entry) !== undefined,
    hasMember: (group, user) => placeOfMember(group, user) !== undefined,
    placeOf: (subject) => objects.get(subjectKey(subject)),
  };
}

function entriesIn({ acl }: DesiredState): Declared["placeOfEntry"] {
  const entries = new Map<string, Place>();
  const ignored = new Map<string, Place>();
  for (const { path, subject, ensure, grants, source: place } of acl) {
    const pair = `${path} ${subjectKey(subject)}`;
    if (ensure === "ignored") ignored.set(pair, place);
    for (const { role, source } of grants) entries.set(`${pair} ${role}`, source);
  }
  return ({ path, subject, role }) => {
    const pair = `${path} ${subjectKey(subject)}`;
    return ignored.get(pair) ?? entries.get(`${pair} ${role}`);
  };
}

function membersIn({ users, groups, memberships }: DesiredState): Declared["placeOfMember"] {
  const members = new Map<string, Place>();
  for (const { id, members: listed = [], source } of groups.values())
    for (const user of listed) members.set(`${id} ${user}`, source);
  for (const { id, groups: joined = [], source } of users.values())
    for (const group of joined) members.set(`${group} ${id}`, source);
  for (const { group, user, source } of memberships) members.set(`${group} ${user}`, source);
  return (group, user) => members.get(`${group} ${user}`);
}

function objectsIn({ users, groups, tokens }: DesiredState): ReadonlyMap<SubjectKey, Place> {
  return new Map([
    ...[...users.values()].map(({ id, source }) => [subjectKey({ kind: "user", id }), source] as const),
    ...[...groups.values()].map(({ id, source }) => [subjectKey({ kind: "group", id }), source] as const),
    ...[...tokens.values()].map(({ id, source }) => [subjectKey({ kind: "token", id }), source] as const),
  ]);
}
