// In: desired and live state. Out: the plan's vocabulary. Must not know: clients, secrets' texts, how it is shown.

import type { AccessDelta } from "../access/delta.ts";
import type {
  AccessState,
  Expiry,
  Group,
  Pool,
  PoolMembers,
  Realm,
  RealmOptions,
  Role,
  SyncJob,
  Token,
  User,
} from "../model/access-state.ts";
import type { SecretDelivery } from "../model/delivery.ts";
import type { FindingCode } from "../model/finding-code.ts";
import type { AclPath, GroupId, PoolId, RealmId, RoleId, Subject, TokenId, UserId } from "../model/ids.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import type { PasswordOrigin } from "../model/password.ts";
import type { ProductName } from "../model/product.ts";
import type { ManifestReference, SecretReference } from "../model/secret.ts";
import type { Boundary } from "../model/validity.ts";
import type { Place } from "../support/place.ts";
import type { Rotation } from "./renewal.ts";

export type ChangeKind = "User" | "Group" | "Role" | "ACL" | "Token" | "Pool" | "Realm";

/**
 * Why: a manifest says so, `ensure: absent`, all that it takes away is outside its validity, prune, or the server does it
 * along with another change.
 */
export const changeReasons = ["declared", "absent", "outside-validity", "prune", "cascade"] as const;
export type ChangeReason = (typeof changeReasons)[number];

/** A role at a pair, as plans show it. */
export interface GrantValue {
  readonly role: string;
  readonly propagate: boolean;
}

/** What a field holds on one side; null where the object or the field is not there. Expiries are shown in seconds. */
export type FieldValue = string | number | boolean | null | readonly string[] | readonly GrantValue[];

export interface FieldChange {
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
  /** Found by what only apply looks at (sinks, logins), so a plan that was saved before can't have it. */
  readonly foundByApply?: true;
}

/** Create, update or delete of one object. Its index in the plan is how operations and findings refer to it. */
export interface Change {
  readonly action: "create" | "update" | "delete";
  readonly kind: ChangeKind;
  /** An ACL change is named `PATH user:ID`. */
  readonly name: string;
  readonly fields: readonly FieldChange[];
  /** Where the manifest says so; undefined where nothing is declared (prune). */
  readonly source?: Place;
  readonly reason: ChangeReason;
  /** Held back by a finding; it has no operation. */
  readonly held: boolean;
}

/** One API write, in the words of the model: what proofs simulate and requests are made from. */
export type Operation = { readonly changes: readonly number[] } & Write;

export type Write =
  | {
      readonly kind: "create-user";
      readonly user: User;
      readonly groups: readonly GroupId[];
      readonly password?: PasswordOrigin;
    }
  | {
      readonly kind: "update-user";
      readonly id: UserId;
      readonly set: Partial<Omit<User, "id">>;
      /** The whole membership, where it changes. */
      readonly groups?: readonly GroupId[];
    }
  /** Sets a password again whose log-in was refused. */
  | {
      readonly kind: "set-password";
      readonly id: UserId;
      readonly password: SecretReference;
      /** The caller's own, which everybody but the superuser is asked for. */
      readonly confirmation?: SecretReference;
    }
  | { readonly kind: "delete-user"; readonly id: UserId }
  | { readonly kind: "create-group"; readonly group: Group }
  | { readonly kind: "update-group"; readonly id: GroupId; readonly comment: string }
  | { readonly kind: "delete-group"; readonly id: GroupId }
  | { readonly kind: "create-role"; readonly role: Role }
  | { readonly kind: "update-role"; readonly role: Role }
  | { readonly kind: "delete-role"; readonly id: RoleId }
  /** Every role for every subject: the server's cartesian product. */
  | {
      readonly kind: "grant";
      readonly path: AclPath;
      readonly subjects: readonly Subject[];
      readonly roles: readonly RoleId[];
      readonly propagate: boolean;
    }
  | {
      readonly kind: "revoke";
      readonly path: AclPath;
      readonly subjects: readonly Subject[];
      readonly roles: readonly RoleId[];
    }
  /** Made to live one hour; its secret is delivered before the next operation, which confirms it. */
  | {
      readonly kind: "create-token";
      readonly token: Token;
      readonly deliveries: readonly SecretDelivery[];
      /** The declared end, where it is so near that an hour ahead could be later. */
      readonly endsBefore?: Expiry;
    }
  /** A new secret in place: the old one ends, the entries stay. To live one hour likewise. */
  | {
      readonly kind: "reissue-token";
      readonly id: TokenId;
      readonly deliveries: readonly SecretDelivery[];
      /** Tells afterwards whether it happened. */
      readonly liveExpire: Expiry;
      readonly endsBefore?: Expiry;
    }
  | { readonly kind: "update-token"; readonly id: TokenId; readonly set: Partial<Omit<Token, "id">> }
  | { readonly kind: "delete-token"; readonly id: TokenId }
  /** Always without members: the server takes them by an update alone. */
  | { readonly kind: "create-pool"; readonly pool: Pick<Pool, "id" | "comment"> }
  | {
      readonly kind: "update-pool";
      readonly id: PoolId;
      readonly comment?: string;
      readonly members?: MembersWrite;
      readonly features: PoolFeatures;
    }
  /** Of a pool without members that exist. Takes the ACL entries at it and below along. */
  | { readonly kind: "delete-pool"; readonly id: PoolId; readonly features: PoolFeatures }
  | RealmWrite;

/** By setting: sent, and never read back. */
export type RealmSecrets = Readonly<Record<string, ManifestReference>>;

export type RealmWrite =
  | {
      readonly kind: "create-realm";
      readonly realm: Realm;
      readonly secrets: RealmSecrets;
      /** The server asks the directory before it stores anything. */
      readonly checksConnection?: true;
    }
  | {
      readonly kind: "update-realm";
      readonly id: RealmId;
      readonly type: string;
      /** What its options are until then: looked at right before, with the digest that is sent. */
      readonly expected: RealmOptions;
      readonly set: RealmOptions;
      readonly remove: readonly string[];
      readonly secrets: RealmSecrets;
      readonly checksConnection?: true;
    }
  /** Of the realm alone: its users stay. */
  | { readonly kind: "delete-realm"; readonly id: RealmId }
  | { readonly kind: "create-sync-job"; readonly realm: RealmId; readonly job: SyncJob }
  | { readonly kind: "update-sync-job"; readonly realm: RealmId; readonly job: SyncJob }
  | { readonly kind: "delete-sync-job"; readonly realm: RealmId; readonly id: string };

/** What one update of a pool does to its members: it puts in, or it takes out. */
export type MembersWrite =
  | ({ readonly way: "in"; readonly moved: readonly MovedGuest[] } & PoolMembers)
  | ({ readonly way: "out" } & PoolMembers);

/** A guest that the write takes out of the pool that it is in. */
export interface MovedGuest {
  readonly vm: number;
  readonly from: PoolId;
}

/**
 * A value of a request: text, a secret by its name, a text with a secret behind it, an instant that far ahead of the
 * moment of sending, in any case before another instant, or the digest that a realm is read with right before.
 */
export type ParameterValue =
  | string
  | SecretValue
  | { readonly secondsAhead: number; readonly before?: Expiry }
  | { readonly digestOf: RealmId };

/** A secret by its name: the whole value, or its end. */
export type SecretValue =
  { readonly secret: string } | { readonly startsWith: string; readonly endsInSecret: string };

/** A write as the wire knows it, without the secrets. `path` is below /api2/json. */
export interface RequestShape {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  readonly message: string;
  /** Indices of the changes that it concerns. */
  readonly changes: readonly number[];
  readonly source?: Place;
  /** Where it counts something: how many, so that `--approve CODE=N` can bound it. */
  readonly count?: number;
  /** What it speaks of beside its changes, independent of its wording: whom, which privileges, where. */
  readonly facts?: readonly string[];
  /** Of an error, held or not: what `rolecall.dev/approve: CODE=DIGEST` names it by. It changes with what it is about. */
  readonly digest?: string;
  /** Where it is about many: who, and what of them. All of it; whoever shows it may shorten. */
  readonly details?: readonly FindingDetail[];
}

export interface FindingDetail {
  /** As `user:joe@pve`. Never none. */
  readonly subjects: readonly string[];
  readonly says: string;
}

export interface Unmanaged {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly reason: "prune-off" | "kind-undeclared" | "protected" | "directory" | "caller";
}

/** The ordered changes and operations of one target, with what was found on the way. */
export interface Plan {
  readonly target: string;
  readonly product: ProductName;
  /** The release that the server named, as `9.2.11`. */
  readonly version: string;
  readonly caller: string;
  readonly changes: readonly Change[];
  readonly operations: readonly Operation[];
  /** Who gains and who loses what where, of those who can log in. */
  readonly accessDelta: AccessDelta;
  readonly findings: readonly Finding[];
  readonly unmanaged: readonly Unmanaged[];
  /** When each token with a lifetime gets its next secret, in the state that it leads to; the next first. */
  readonly rotations: readonly Rotation[];
  /** What begins or ends next by itself, the earliest first. */
  readonly boundaries: readonly Boundary[];
  /** How many live objects of each kind are in scope: what budgets are a share of. */
  readonly inScope: Readonly<Record<Exclude<ChangeKind, "ACL">, number>>;
  /** The live state that it starts from and the state that it leads to. */
  readonly before: AccessState;
  readonly after: AccessState;
}
