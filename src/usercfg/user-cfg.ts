// In: ids. Out: what the server holds in memory once it has read its file user.cfg. Must not know: the API, its errors.
// Optional texts are never empty, but for `email`: the file tells an empty one from none, and so does the API.

import type { Expiry } from "../model/access-state.ts";
import type {
  AclPath,
  GroupId,
  PoolId,
  Privilege,
  RoleId,
  Subject,
  SubjectKey,
  TokenId,
  UserId,
} from "../model/ids.ts";

export interface CfgToken {
  readonly privilegeSeparation: boolean;
  readonly expire: Expiry;
  readonly comment?: string;
}

export interface CfgUser {
  readonly enabled: boolean;
  readonly expire: Expiry;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly comment?: string;
  readonly keys?: string;
  readonly tokens: ReadonlyMap<TokenId, CfgToken>;
  /**
   * What the server answers as the groups of a user. Derived by the parser and not written: it differs from the
   * members of the groups only where a hand-edited file names the group above the user, until the next write.
   */
  readonly groups: ReadonlySet<GroupId>;
}

export interface CfgGroup {
  readonly comment?: string;
  /** May name users that do not exist. */
  readonly members: ReadonlySet<UserId>;
}

/** The parents of a pool are in the file too, or are added when it is read. */
export interface CfgPool {
  readonly comment?: string;
  /** A guest is in one pool at most. */
  readonly vms: ReadonlySet<number>;
  readonly storages: ReadonlySet<string>;
}

/** All that one subject has on one path: its roles, each with propagate. */
export interface CfgGrants {
  readonly subject: Subject;
  readonly roles: ReadonlyMap<RoleId, boolean>;
}

export interface UserCfg {
  /** `root@pam` is always there: the server adds it where the file lacks it. */
  readonly users: ReadonlyMap<UserId, CfgUser>;
  /** The custom ones; the built-in ones are a release's. */
  readonly roles: ReadonlyMap<RoleId, ReadonlySet<Privilege>>;
  readonly groups: ReadonlyMap<GroupId, CfgGroup>;
  readonly pools: ReadonlyMap<PoolId, CfgPool>;
  /**
   * Subjects may be users and groups that do not exist; tokens and roles do. Entries of root@pam are in memory and in
   * the API's answers, and get lost with the next write.
   */
  readonly acl: ReadonlyMap<AclPath, ReadonlyMap<SubjectKey, CfgGrants>>;
}
