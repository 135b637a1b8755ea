// A UserCfg while its file is read: the same maps, still open.

import type {
  AclPath,
  GroupId,
  PoolId,
  Privilege,
  RoleId,
  SubjectKey,
  Subject,
  TokenId,
  UserId,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { Release } from "./release.ts";
import type { CfgToken, CfgUser } from "./user-cfg.ts";

export interface DraftUser extends CfgUser {
  readonly tokens: Map<TokenId, CfgToken>;
  readonly groups: Set<GroupId>;
}

export interface DraftGroup {
  comment?: string;
  readonly members: Set<UserId>;
}

export interface DraftPool {
  comment?: string;
  readonly vms: Set<number>;
  readonly storages: Set<string>;
}

export interface DraftGrants {
  readonly subject: Subject;
  readonly roles: Map<RoleId, boolean>;
}

export interface Draft {
  readonly release: Release;
  readonly users: Map<UserId, DraftUser>;
  readonly groups: Map<GroupId, DraftGroup>;
  readonly roles: Map<RoleId, Set<Privilege>>;
  readonly pools: Map<PoolId, DraftPool>;
  /** The guests that a line above has put into a pool. */
  readonly pooledVms: Set<number>;
  readonly acl: Map<AclPath, Map<SubjectKey, DraftGrants>>;
}

/** Reads the fields of one kind of line, its kind left off. */
export type LineReader = (draft: Draft, fields: readonly string[]) => void;

export function emptyDraft(release: Release): Draft {
  return {
    release,
    // Whatever the file says, the server has its superuser.
    users: new Map([[pve.superuser, { enabled: true, expire: 0, tokens: new Map(), groups: new Set() }]]),
    groups: new Map(),
    roles: new Map(),
    pools: new Map(),
    pooledVms: new Set(),
    acl: new Map(),
  };
}
