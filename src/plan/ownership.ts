// In: a target's settings, who calls, the live state. Out: who owns a live object. Must not know: what is desired.

import { poolsAlong } from "../model/pool-paths.ts";
import type { LiveState } from "../model/live-state.ts";
import { pauseGroup } from "../model/pause.ts";
import {
  isTokenId,
  ownerOf,
  realmOf,
  subjectKey,
  type AclPath,
  type AuthId,
  type GroupId,
  type PoolId,
  type RealmId,
  type RoleId,
  type Subject,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import type { Safety, Scope } from "../model/target.ts";
import { compileGlobs } from "../support/glob.ts";
import type { Unmanaged } from "./plan.ts";

/** Why prune leaves a live object in scope alone; undefined where it may take it. */
export type Stays = Extract<Unmanaged["reason"], "protected" | "directory" | "caller"> | undefined;

export interface Ownership {
  readonly isSuperuser: (user: UserId) => boolean;
  readonly isDirectoryUser: (user: UserId) => boolean;
  readonly isDirectoryGroup: (group: GroupId) => boolean;
  /** By the manifest's globs and directories alone; built-ins are out of scope. */
  readonly userInScope: (user: UserId) => boolean;
  readonly groupInScope: (group: GroupId) => boolean;
  readonly roleInScope: (role: RoleId) => boolean;
  readonly tokenInScope: (token: TokenId) => boolean;
  readonly poolInScope: (pool: PoolId) => boolean;
  readonly realmInScope: (realm: RealmId) => boolean;
  readonly pairInScope: (path: AclPath, subject: Subject) => boolean;
  /** Not this target's to move between groups: out of scope; of a directory's users, only those excluded by name. */
  readonly userExcluded: (user: UserId) => boolean;
  readonly userStays: (user: UserId) => Stays;
  readonly groupStays: (group: GroupId) => Stays;
  readonly roleStays: (role: RoleId) => Stays;
  readonly tokenStays: (token: TokenId) => Stays;
  readonly pairStays: (subject: Subject) => Stays;
  /** The server drops the entries at a pool with it. */
  readonly poolStays: (pool: PoolId) => Stays;
  /** Its users could not log in without it. */
  readonly realmStays: (realm: RealmId) => Stays;
}

export function ownershipOf(
  target: { readonly scope: Scope; readonly safety: Pick<Safety, "protect"> },
  callers: readonly AuthId[],
  live: Pick<LiveState, "state">,
  product: Product,
): Ownership {
  const { scope, safety } = target;
  const users = compileGlobs(scope.users);
  const namedOut = compileGlobs({ include: scope.users.exclude, exclude: [] });
  const groups = compileGlobs(scope.groups);
  const roles = compileGlobs(scope.roles);
  const tokens = compileGlobs(scope.tokens);
  const paths = compileGlobs(scope.acl.paths);
  const subjects = compileGlobs(scope.acl.subjects);
  const own = callersOwn(callers, live);
  const isDirectoryRealm = (realm: string): boolean => {
    // Proof: only looked up; a text that is no realm finds nothing.
    const type = live.state.realms.get(realm as ReturnType<typeof realmOf>)?.type;
    return type !== undefined && product.directoryRealmTypes.has(type);
  };
  const directoryRealms = [...live.state.realms.keys()].filter(isDirectoryRealm);
  const directoryOf = (group: GroupId): string | undefined =>
    directoryRealms.find((realm) => group.endsWith(`-${realm}`));
  const isProtected = (subject: Subject): boolean => safety.protect.includes(subjectKey(subject));
  const stays = (subject: Subject, isDirectory: boolean): Stays => {
    if (own.has(subjectKey(subject))) return "caller";
    if (isProtected(subject)) return "protected";
    return isDirectory ? "directory" : undefined;
  };
  const isDirectoryUser = (user: UserId): boolean => isDirectoryRealm(realmOf(user));
  const isDirectoryGroup = (group: GroupId): boolean => directoryOf(group) !== undefined;
  const ownRoles = rolesOf(own, live);
  const ownPools = poolsOf(own, live);
  const realms = compileGlobs(scope.realms);
  return {
    isSuperuser: (user) => user === product.superuser,
    isDirectoryUser,
    isDirectoryGroup,
    userInScope: (user) =>
      user !== product.superuser &&
      users(user) &&
      (!isDirectoryUser(user) || scope.directories.includes(realmOf(user))),
    groupInScope: (group) => {
      // The switch is neither counted, nor pruned, nor are its members moved: it belongs to whoever pulls it.
      if (group === pauseGroup) return false;
      const directory = directoryOf(group);
      return groups(group) && (directory === undefined || scope.directories.includes(directory));
    },
    roleInScope: (role) => live.state.roles.get(role)?.builtIn !== true && roles(role),
    tokenInScope: tokens,
    poolInScope: compileGlobs(scope.pools),
    realmInScope: (realm) => !product.builtInRealms.has(realm) && realms(realm),
    pairInScope: (path, subject) => paths(path) && subjects(subjectKey(subject)),
    userExcluded: (user) => (isDirectoryUser(user) ? namedOut(user) : !users(user)),
    userStays: (id) => stays({ kind: "user", id }, isDirectoryUser(id)),
    groupStays: (id) => stays({ kind: "group", id }, isDirectoryGroup(id)),
    roleStays: (id) => (ownRoles.has(id) ? "caller" : undefined),
    tokenStays: (id) => stays({ kind: "token", id }, false),
    pairStays: (subject) => stays(subject, false),
    poolStays: (id) => (ownPools.has(id) ? "caller" : undefined),
    realmStays: (id) => {
      const isOf = (key: string): boolean => key.startsWith("user:") && key.endsWith(`@${id}`);
      if ([...own].some(isOf)) return "caller";
      return safety.protect.some(isOf) ? "protected" : undefined;
    },
  };
}

/** The subjects that carry the callers: themselves, their owners, and the groups that these are in. */
function callersOwn(callers: readonly AuthId[], live: Pick<LiveState, "state">): ReadonlySet<string> {
  const own = new Set<string>();
  for (const caller of callers) {
    const user = isTokenId(caller) ? ownerOf(caller) : caller;
    if (isTokenId(caller)) own.add(`token:${caller}`);
    own.add(`user:${user}`);
    for (const group of live.state.groups.values()) {
      if (group.members.includes(user)) own.add(`group:${group.id}`);
    }
  }
  return own;
}

function rolesOf(own: ReadonlySet<string>, live: Pick<LiveState, "state">): ReadonlySet<RoleId> {
  return new Set(
    live.state.acl.filter(({ subject }) => own.has(subjectKey(subject))).map(({ role }) => role),
  );
}

/** The pools at or below which one of these subjects has an entry. */
function poolsOf(own: ReadonlySet<string>, live: Pick<LiveState, "state">): ReadonlySet<PoolId> {
  const entries = live.state.acl.filter(({ subject }) => own.has(subjectKey(subject)));
  return new Set(entries.flatMap(({ path }) => poolsAlong(path)));
}
