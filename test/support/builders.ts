// In: terse texts. Out: values of the model, every id through the product's own parsers. Must not know: what a test asks.

import type {
  AccessState,
  AclEntry,
  Group,
  Pool,
  Realm,
  Role,
  Token,
  User,
} from "../../src/model/access-state.ts";
import type { GroupId, PoolId, RealmId, RoleId, Subject, TokenId, UserId } from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";
import type { Parsed } from "../../src/support/parsed.ts";
import { sortedSet } from "../../src/support/compare.ts";
import { releaseOf } from "../../src/usercfg/release.ts";

export const aUserId = (text: string): UserId => valueOf(pve.parseUserId(text), text);
export const aGroupId = (text: string): GroupId => valueOf(pve.parseGroupId(text), text);
export const aRoleId = (text: string): RoleId => valueOf(pve.parseRoleId(text), text);
export const aTokenId = (text: string): TokenId => valueOf(pve.parseTokenId(text), text);
export const aPoolId = (text: string): PoolId => valueOf(pve.parsePoolId(text), text);
export const aRealmId = (text: string): RealmId => valueOf(pve.parseRealmId(text), text);

/** A subject as messages write it: `user:joe@pve`, `group:ops`, `token:ci@pve!deploy`. */
export function aSubject(text: string): Subject {
  const [, kind, id = ""] = /^(user|group|token):(.*)$/u.exec(text) ?? [];
  if (kind === "user") return { kind, id: aUserId(id) };
  if (kind === "group") return { kind, id: aGroupId(id) };
  if (kind === "token") return { kind, id: aTokenId(id) };
  throw new Error(`${text} is not a subject`);
}

export function aUser(id = "joe@pve", fields: Partial<Omit<User, "id">> = {}): User {
  const plain = { enabled: true, expire: 0, firstName: "", lastName: "", email: "", comment: "" };
  return { ...plain, ...fields, id: aUserId(id) };
}

export function aGroup(id = "ops", members: readonly string[] = [], comment = ""): Group {
  return { id: aGroupId(id), comment, members: sortedSet(members.map(aUserId)) };
}

export function aRole(id = "Operator", privileges: readonly string[] = [], builtIn = false): Role {
  const known = privileges.map((text) => valueOf(pve.parsePrivilege(text), text));
  return { id: aRoleId(id), privileges: sortedSet(known), builtIn };
}

export function aToken(id = "ci@pve!deploy", fields: Partial<Omit<Token, "id">> = {}): Token {
  return { privilegeSeparation: true, expire: 0, comment: "", ...fields, id: aTokenId(id) };
}

export function anEntry(path: string, subject: string, role: string, propagate = true): AclEntry {
  return { path: pve.normalizeAclPath(path), subject: aSubject(subject), role: aRoleId(role), propagate };
}

export function aPool(
  id: string,
  vms: readonly number[] = [],
  storages: readonly string[] = [],
  comment = "",
): Pool {
  const members = { vms: [...vms].sort((a, b) => a - b), storages: sortedSet(storages) };
  return { id: aPoolId(id), comment, members };
}

/** What a test says of a state: ids where nothing else matters, whole values where it does. */
export interface TerseState {
  readonly users?: readonly (string | User)[];
  /** Members by group; whole values for comments. */
  readonly groups?: Readonly<Record<string, readonly string[]>> | readonly Group[];
  /** Privileges by custom role. */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  /** Separated ones, where only the id is given. */
  readonly tokens?: readonly (string | Token)[];
  /** Path, subject, role, propagate (true). */
  readonly acl?: readonly (AclEntry | readonly [string, string, string, boolean?])[];
  readonly pools?: readonly Pool[];
  readonly realms?: readonly Realm[];
}

/** The state of a fresh 9.2.11 (root@pam, the built-in roles, the realms pam and pve), and what the test adds. */
export function aState(terse: TerseState = {}): AccessState {
  const { users = [], groups = {}, roles = {}, tokens = [], acl = [], pools = [], realms = [] } = terse;
  return {
    users: byId([aUser("root@pam"), ...users.map((user) => (typeof user === "string" ? aUser(user) : user))]),
    groups: byId(groupsFrom(groups)),
    roles: byId([...builtInRoles(), ...Object.entries(roles).map(([id, words]) => aRole(id, words))]),
    tokens: byId(tokens.map((token) => (typeof token === "string" ? aToken(token) : token))),
    acl: acl.map((entry) => ("path" in entry ? entry : anEntry(...entry))),
    realms: byId([aRealm("pam", "pam"), aRealm("pve", "pve"), ...realms]),
    pools: byId(pools),
  };
}

export function aRealm(id: string, type: string): Realm {
  return { id: aRealmId(id), type, comment: "" };
}

function groupsFrom(groups: NonNullable<TerseState["groups"]>): readonly Group[] {
  return isList(groups) ? groups : Object.entries(groups).map(([id, members]) => aGroup(id, members));
}

function isList<T>(value: object | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function builtInRoles(): Role[] {
  const release = releaseOf("9.2.11");
  if (release === undefined) throw new Error("no release 9.2.11");
  return [...release.builtInRoles].map(([id, privileges]) => aRole(id, [...privileges], true));
}

function byId<T extends { readonly id: string }>(values: readonly T[]): Map<T["id"], T> {
  return new Map(values.map((value) => [value.id, value]));
}

function valueOf<T>(result: Parsed<T>, text: string): T {
  if (!result.ok) throw new Error(`${text} ${result.problem}`);
  return result.value;
}
