// In: ids. Out: the one shape that the desired and the live state share. Must not know: manifests, the wire.

import type {
  AclPath,
  GroupId,
  PoolId,
  Privilege,
  RealmId,
  RoleId,
  Subject,
  TokenId,
  UserId,
} from "./ids.ts";

/** Seconds since the epoch; 0 is never. */
export type Expiry = number;

export interface User {
  readonly id: UserId;
  readonly enabled: boolean;
  readonly expire: Expiry;
  /** Empty texts stand for "none": the server does not tell them apart. */
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly comment: string;
}

export interface Group {
  readonly id: GroupId;
  readonly comment: string;
  /** May name users that no longer exist (hand edits of user.cfg). Sorted. */
  readonly members: readonly UserId[];
}

export interface Role {
  readonly id: RoleId;
  /** Sorted. */
  readonly privileges: readonly Privilege[];
  readonly builtIn: boolean;
}

export interface Token {
  readonly id: TokenId;
  readonly privilegeSeparation: boolean;
  readonly expire: Expiry;
  readonly comment: string;
}

/** One row: a role that a subject has on a path. The server knows a row by path, subject and role. */
export interface AclEntry {
  readonly path: AclPath;
  readonly subject: Subject;
  readonly role: RoleId;
  readonly propagate: boolean;
}

export interface Realm {
  readonly id: RealmId;
  /** `pam`, `pve`, `ldap`, `ad`, `openid` on PVE. */
  readonly type: string;
  readonly comment: string;
  /** There where the log-in form offers this realm first: one at most. */
  readonly isDefault?: true;
  /** Its options by name, sorted, without secrets, each in its one spelling; undefined where they were not read. */
  readonly options?: RealmOptions;
  /** What fetches its users by a schedule, sorted by id; undefined where it was not read. */
  readonly syncJobs?: readonly SyncJob[];
}

/** What an option is set to. */
export type Setting = string | number | boolean;

export type RealmOptions = Readonly<Record<string, Setting>>;

export interface SyncJob {
  readonly id: string;
  readonly schedule: string;
  readonly scope: string;
  /** `none`, or what of a vanished user or group goes, with `;` between. */
  readonly removeVanished: string;
  readonly enabled: boolean;
  /** Whether fetched users can log in at once; undefined where the realm's own defaults decide. */
  readonly enableNew?: boolean;
  readonly comment: string;
}

export interface Pool {
  readonly id: PoolId;
  readonly comment: string;
  /** Undefined where they were not read (one request a pool), since they decide nothing. */
  readonly members?: PoolMembers;
}

/** Guest numbers and storage names, both sorted. A guest is in one pool at most, a storage in any number. */
export interface PoolMembers {
  readonly vms: readonly number[];
  readonly storages: readonly string[];
}

/** Everything that decides who may do what on one target. */
export interface AccessState {
  readonly users: ReadonlyMap<UserId, User>;
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly roles: ReadonlyMap<RoleId, Role>;
  readonly tokens: ReadonlyMap<TokenId, Token>;
  readonly acl: readonly AclEntry[];
  readonly realms: ReadonlyMap<RealmId, Realm>;
  readonly pools: ReadonlyMap<PoolId, Pool>;
}
