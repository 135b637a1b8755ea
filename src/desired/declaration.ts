import type {
  DesiredGroup,
  DesiredPool,
  DesiredRealm,
  DesiredRole,
  DesiredToken,
  DesiredUser,
  Ensure,
} from "../model/desired.ts";
import type { TimedMembership } from "../model/desired-over-time.ts";
import type { AclPath, RoleId, Subject } from "../model/ids.ts";
import type { DesiredPassword } from "../model/password.ts";
import type { Policy } from "../model/policy.ts";
import type { ManifestReference } from "../model/secret.ts";
import type { Validity } from "../model/validity.ts";
import type { DeclaredSink } from "./declared-sinks.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { Place } from "../support/place.ts";

/** What one manifest declares by a product's rules, before any target has a say in it. */
export type Declaration =
  | UserDeclaration
  | GroupDeclaration
  | MembershipDeclaration
  | RoleDeclaration
  | AclDeclaration
  | TokenDeclaration
  | PolicyDeclaration
  | PoolDeclaration
  | RealmDeclaration;

/** One that may say `ensure`. */
export type ObjectDeclaration = Exclude<Declaration, PolicyDeclaration>;

export interface UserDeclaration {
  readonly kind: "User";
  readonly manifest: ManifestOf<"User">;
  readonly user: Omit<DesiredUser, "password">;
  /** Not yet within the bounds of a target. */
  readonly password?: { readonly origin: DeclaredPassword; readonly policy: DesiredPassword["policy"] };
}

type DeclaredPassword =
  | { readonly kind: "given"; readonly from: ManifestReference }
  | { readonly kind: "generated"; readonly length: number; readonly sinks: readonly DeclaredSink[] };

export interface GroupDeclaration {
  readonly kind: "Group";
  readonly manifest: ManifestOf<"Group">;
  readonly group: DesiredGroup;
}

export interface MembershipDeclaration {
  readonly kind: "Membership";
  readonly manifest: ManifestOf<"Membership">;
  readonly membership: TimedMembership;
}

export interface RoleDeclaration {
  readonly kind: "Role";
  readonly manifest: ManifestOf<"Role">;
  readonly role: DesiredRole;
}

export interface TokenDeclaration {
  readonly kind: "Token";
  readonly manifest: ManifestOf<"Token">;
  readonly token: Omit<DesiredToken, "deliveries">;
  readonly sinks: readonly DeclaredSink[];
}

export interface PolicyDeclaration {
  readonly kind: "Policy";
  readonly manifest: ManifestOf<"Policy">;
  readonly policy: Policy;
}

export interface PoolDeclaration {
  readonly kind: "Pool";
  readonly manifest: ManifestOf<"Pool">;
  readonly pool: DesiredPool;
}

export interface RealmDeclaration {
  readonly kind: "Realm";
  readonly manifest: ManifestOf<"Realm">;
  /** Its secrets are not yet within the bounds of a target. */
  readonly realm: DesiredRealm;
}

/** A value with the JSON pointer and the place that it stands at. */
export interface Mention<T> {
  readonly value: T;
  readonly pointer: string;
  readonly place: Place;
}

export interface AclDeclaration {
  readonly kind: "ACL";
  readonly manifest: ManifestOf<"ACL">;
  readonly ensure: Ensure;
  readonly paths: readonly Mention<AclPath>[];
  readonly subjects: readonly Mention<Subject>[];
  /** Undefined: `ensure: absent` of whole pairs. */
  readonly roles?: readonly Mention<RoleId>[];
  readonly propagate: boolean;
  readonly validity?: Validity;
}
