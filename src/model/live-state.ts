// In: ids. Out: what one read of a target gave, with the proof of what it saw. Must not know: the wire.

import type { AccessState } from "./access-state.ts";
import type { AclPath, AuthId, Privilege } from "./ids.ts";

/** Privileges by path, each with whether it also holds below: the shape of GET /access/permissions. */
export type Permissions = ReadonlyMap<AclPath, ReadonlyMap<Privilege, boolean>>;

/** A list that may be filtered, and the privilege that would prove it whole. */
export interface IncompleteList {
  readonly list: "users" | "groups" | "acl" | "pools" | "realms" | "sync jobs";
  readonly privilege: Privilege;
  readonly path: AclPath;
}

export interface LiveState {
  /** The release as the server names it: `9.2.11`, `7.4-16`. */
  readonly version: string;
  readonly caller: AuthId;
  readonly callerPermissions: Permissions;
  readonly state: AccessState;
  /** What the server's own Administrator role has: a privilege that is not in it is refused by this server. */
  readonly supportedPrivileges: ReadonlySet<Privilege>;
  /** Empty where every list was proved whole. */
  readonly incomplete: readonly IncompleteList[];
}
