// In: an access state and one write. Out: the access state that the server has afterwards. Must not know: the wire.
// This is the server's behaviour in the model's words (libpve-access-control 9.1.1, recordings in test/contract/):
// what it drops along with an object needs no write of its own.

import type { AccessState, AclEntry, Group, User } from "../model/access-state.ts";
import { ownerOf, subjectKey, type GroupId, type RoleId, type Subject, type UserId } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import type { Write } from "./plan.ts";
import { applyPoolWrite } from "./simulate-pool.ts";
import { applyRealmWrite } from "./simulate-realm.ts";

export function applyWrite(state: AccessState, write: Write): AccessState {
  switch (write.kind) {
    case "create-user":
      return addToGroups(
        { ...state, users: withValue(state.users, write.user.id, write.user) },
        write.user.id,
        write.groups,
      );
    case "update-user":
      return updateUser(state, write.id, write.set, write.groups);
    case "delete-user":
      return deleteUser(state, write.id);
    case "create-group":
      return { ...state, groups: withValue(state.groups, write.group.id, write.group) };
    case "update-group":
      return updateGroup(state, write.id, { comment: write.comment });
    case "delete-group":
      return {
        ...state,
        groups: without(state.groups, write.id),
        acl: state.acl.filter(({ subject }) => !(subject.kind === "group" && subject.id === write.id)),
      };
    case "create-role":
    case "update-role":
      return { ...state, roles: withValue(state.roles, write.role.id, write.role) };
    case "delete-role":
      return { ...state, roles: without(state.roles, write.id), acl: withoutRole(state.acl, write.id) };
    case "grant":
      return { ...state, acl: grant(state.acl, write) };
    case "revoke":
      return { ...state, acl: revoke(state.acl, write) };
    case "create-token":
      return { ...state, tokens: withValue(state.tokens, write.token.id, write.token) };
    case "reissue-token":
    case "set-password":
      return state;
    case "update-token": {
      const token = state.tokens.get(write.id);
      if (!token) return state;
      return { ...state, tokens: withValue(state.tokens, write.id, { ...token, ...write.set }) };
    }
    case "delete-token":
      return {
        ...state,
        tokens: without(state.tokens, write.id),
        acl: state.acl.filter(({ subject }) => !(subject.kind === "token" && subject.id === write.id)),
      };
    case "create-pool":
    case "update-pool":
    case "delete-pool":
      return applyPoolWrite(state, write);
    case "create-realm":
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-sync-job":
      return applyRealmWrite(state, write);
  }
}

function updateUser(
  state: AccessState,
  id: UserId,
  set: Partial<Omit<User, "id">>,
  groups: readonly GroupId[] | undefined,
): AccessState {
  const user = state.users.get(id);
  if (!user) return state;
  const updated = { ...state, users: withValue(state.users, id, { ...user, ...set }) };
  return groups ? withGroupsOf(updated, id, groups) : updated;
}

/** PVE drops the user's memberships, ACL entries and tokens, and the tokens' entries with them. */
function deleteUser(state: AccessState, id: UserId): AccessState {
  const tokens = new Map([...state.tokens].filter(([token]) => ownerOf(token) !== id));
  return {
    ...withGroupsOf({ ...state, users: without(state.users, id) }, id, []),
    tokens,
    acl: state.acl.filter(({ subject }) => {
      if (subject.kind === "user") return subject.id !== id;
      return subject.kind !== "token" || ownerOf(subject.id) !== id;
    }),
  };
}

function updateGroup(state: AccessState, id: GroupId, set: Partial<Omit<Group, "id">>): AccessState {
  const group = state.groups.get(id);
  return group ? { ...state, groups: withValue(state.groups, id, { ...group, ...set }) } : state;
}

/** Creating a user leaves what a group lists of it already (a hand edit). */
function addToGroups(state: AccessState, user: UserId, added: readonly GroupId[]): AccessState {
  const listed = [...state.groups.values()]
    .filter(({ members }) => members.includes(user))
    .map(({ id }) => id);
  return withGroupsOf(state, user, [...listed, ...added]);
}

/** Makes the user a member of exactly these groups. */
function withGroupsOf(state: AccessState, user: UserId, wanted: readonly GroupId[]): AccessState {
  const groups = new Map(state.groups);
  for (const [id, group] of state.groups) {
    const isMember = group.members.includes(user);
    if (isMember === wanted.includes(id)) continue;
    const members = isMember
      ? group.members.filter((member) => member !== user)
      : sortedSet([...group.members, user]);
    groups.set(id, { ...group, members });
  }
  return { ...state, groups };
}

interface Cells {
  readonly path: string;
  readonly subjects: readonly Subject[];
  readonly roles: readonly RoleId[];
}

function grant(acl: readonly AclEntry[], write: Extract<Write, { kind: "grant" }>): readonly AclEntry[] {
  const added = write.subjects.flatMap((subject) =>
    write.roles.map((role) => ({ path: write.path, subject, role, propagate: write.propagate })),
  );
  return [...revoke(acl, write), ...added];
}

function revoke(acl: readonly AclEntry[], cells: Cells): readonly AclEntry[] {
  const subjects = new Set<string>(cells.subjects.map(subjectKey));
  const roles = new Set<string>(cells.roles);
  return acl.filter(
    (entry) =>
      !(entry.path === cells.path && roles.has(entry.role) && subjects.has(subjectKey(entry.subject))),
  );
}

function withoutRole(acl: readonly AclEntry[], role: RoleId): readonly AclEntry[] {
  return acl.filter((entry) => entry.role !== role);
}

function withValue<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
