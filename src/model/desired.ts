// In: ids, references. Out: what the manifests want of one target, with what only the live state can settle left
// open (optional privileges, includes, who a pruned reference is). Must not know: manifests' spelling, the wire.
// An undefined field is not managed: the live value stays.

import type { Place } from "../support/place.ts";
import type { Expiry, Setting } from "./access-state.ts";
import type { SecretDelivery } from "./delivery.ts";
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
import type { Lifetime } from "./lifetime.ts";
import type { DesiredPassword } from "./password.ts";
import type { Policy } from "./policy.ts";
import type { ManifestReference } from "./secret.ts";
import type { Target } from "./target.ts";
import type { Boundary } from "./validity.ts";

/** present: as declared; absent: must not exist; ignored: declared, but left alone (the disabling annotation). */
export type Ensure = "present" | "absent" | "ignored";

interface Declared {
  readonly ensure: Ensure;
  readonly source: Place;
}

export interface DesiredUser extends Declared {
  readonly id: UserId;
  readonly enabled?: boolean;
  readonly expire?: Expiry;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly comment?: string;
  /** Authoritative for the user; joined by what groups and memberships say. */
  readonly groups?: readonly GroupId[];
  readonly password?: DesiredPassword;
}

export interface DesiredGroup extends Declared {
  readonly id: GroupId;
  readonly comment?: string;
  /** Authoritative for the group; joined by what users and memberships say. */
  readonly members?: readonly UserId[];
}

export interface DesiredMembership {
  /** outside: as not there, unless another manifest wants it: this one's validity has not begun or is over. */
  readonly ensure: Ensure | "outside";
  readonly source: Place;
  /** Of the manifest. */
  readonly name: string;
  readonly group: GroupId;
  readonly user: UserId;
}

export interface DesiredRole extends Declared {
  readonly id: RoleId;
  /** Undefined where the manifest leaves the privileges alone: neither privileges, optional ones nor includes. */
  readonly privileges?: readonly Privilege[];
  readonly optionalPrivileges: readonly Privilege[];
  readonly includes: readonly RoleId[];
}

export interface DesiredGrant {
  readonly role: RoleId;
  readonly propagate: boolean;
  readonly source: Place;
}

/** A role at a pair that a manifest wants gone, and where it says so. */
export interface TakenRole {
  readonly role: RoleId;
  readonly source: Place;
}

/** All that manifests say of one subject on one path. */
export interface DesiredPair {
  readonly path: AclPath;
  readonly subject: Subject;
  /** present: exactly `grants`; absent: no role at all; ignored: left alone. */
  readonly ensure: Ensure;
  readonly grants: readonly DesiredGrant[];
  /** Roles that `ensure: absent` with `roles` removes; the pair's other live roles stay if nothing is granted. */
  readonly revoked: readonly TakenRole[];
  /** Roles that are granted at another time only: as not there. */
  readonly outside: readonly TakenRole[];
  /** Names of the ACL manifests that speak of this pair. */
  readonly declaredBy: readonly string[];
  readonly source: Place;
}

export interface DesiredToken extends Declared {
  readonly id: TokenId;
  readonly privilegeSeparation?: boolean;
  /** A fixed instant, or how long each of its secrets lives. */
  readonly expire?: Expiry | Lifetime;
  readonly comment?: string;
  /** Where the server can't make a new secret in place: whether the token may be deleted and made again. */
  readonly rotation?: "inPlace" | "replace";
  /** `reissue`: apply looks whether the sinks hold the secret, and makes a new one where they don't. */
  readonly repair?: "reissue";
  /** Every sink that its secret goes to; none where the token is only adopted. */
  readonly deliveries: readonly SecretDelivery[];
}

export interface DesiredPool extends Declared {
  readonly id: PoolId;
  readonly comment?: string;
  /** Guest numbers; sorted, as the storages are. */
  readonly vms?: readonly number[];
  readonly storages?: readonly string[];
}

export interface DesiredRealm extends Declared {
  readonly id: RealmId;
  /** Undefined where nothing depends on it: of a realm that is to be absent. */
  readonly type?: string;
  readonly comment?: string;
  readonly isDefault?: boolean;
  /** By name, each in its one spelling; `undefined`: to be taken off. */
  readonly options: ReadonlyMap<string, Setting | undefined>;
  /** By setting: sent at creation, with what it belongs to, and when somebody asks for it. */
  readonly secrets: ReadonlyMap<string, ManifestReference>;
  /** `absent`: no job of this realm. */
  readonly sync?: DesiredSync | "absent";
  /** The server is to ask the directory before it stores a write. */
  readonly checksConnection?: true;
  /** Where the manifest says so of an option: findings on it point there. */
  readonly places: ReadonlyMap<string, Place>;
}

export interface DesiredSync {
  readonly schedule: string;
  readonly scope: string;
  readonly removeVanished: string;
  readonly enabled: boolean;
  readonly enableNew?: boolean;
  readonly comment?: string;
}

/** What the manifests say for one target, resolved, at one instant. */
export interface DesiredState {
  readonly target: Target;
  readonly users: ReadonlyMap<UserId, DesiredUser>;
  readonly groups: ReadonlyMap<GroupId, DesiredGroup>;
  readonly memberships: readonly DesiredMembership[];
  readonly roles: ReadonlyMap<RoleId, DesiredRole>;
  /** Sorted by path and subject; each pair once. */
  readonly acl: readonly DesiredPair[];
  readonly tokens: ReadonlyMap<TokenId, DesiredToken>;
  /** What begins or ends next, the earliest first; of each manifest one at most. */
  readonly boundaries: readonly Boundary[];
  /** Sorted by name. What guards hold the plan against; nothing of it is written. */
  readonly policies: readonly Policy[];
  readonly pools: ReadonlyMap<PoolId, DesiredPool>;
  readonly realms: ReadonlyMap<RealmId, DesiredRealm>;
}
