// In: texts. Out: ids, as one product spells them. Must not know: any product by name but to list them.

import type { Parsed } from "../support/parsed.ts";
import type { AclPath, GroupId, PoolId, Privilege, RealmId, RoleId, TokenId, UserId } from "./ids.ts";
import type { RealmRules } from "./realm-rules.ts";

export type ProductName = "pve" | "pbs";

/** Manifest kinds that speak of a target. */
type TargetKind = "User" | "Group" | "Membership" | "Role" | "ACL" | "Token" | "Pool" | "Realm" | "Policy";

/**
 * What one product calls valid and what it brings along. A second product is a second value of this type, beside its
 * own wire (proxmox/, live/), its own requests (plan/) and its own simulator: no station asks which product it has.
 */
export interface Product {
  readonly name: ProductName;
  readonly kinds: ReadonlySet<TargetKind>;
  /** The identity that no one may touch. */
  readonly superuser: UserId;
  /** Roles that the product brings in any supported release; never created, changed or deleted. */
  readonly builtInRoles: ReadonlySet<string>;
  readonly builtInRealms: ReadonlySet<string>;
  readonly realms: RealmRules;
  /** Privileges of any supported release. */
  readonly privileges: ReadonlySet<string>;
  /** Paths that every server has, and all others lie below. */
  readonly topPaths: readonly AclPath[];
  /** For a privilege that some release lacks: what grants the like there, in words. */
  readonly replacements: ReadonlyMap<string, string>;
  /** Realm types whose users and groups are made by a directory. */
  readonly directoryRealmTypes: ReadonlySet<string>;
  /** How many characters a password may have on a server of that release. */
  readonly passwordLengths: (version: string) => { readonly minimum: number; readonly maximum: number };
  readonly limits: {
    readonly firstName: number;
    readonly lastName: number;
    readonly email: number;
    readonly comment: number;
  };
  readonly parseUserId: (text: string) => Parsed<UserId>;
  readonly parseGroupId: (text: string) => Parsed<GroupId>;
  readonly parseRoleId: (text: string) => Parsed<RoleId>;
  readonly parseTokenId: (text: string) => Parsed<TokenId>;
  readonly parseRealmId: (text: string) => Parsed<RealmId>;
  readonly parsePoolId: (text: string) => Parsed<PoolId>;
  /** The name of a storage, as a pool holds it. */
  readonly parseStorage: (text: string) => Parsed<string>;
  readonly isGuestNumber: (number: number) => boolean;
  readonly parsePrivilege: (text: string) => Parsed<Privilege>;
  /** Normalises and checks a path that an entry may be added at. */
  readonly parseAclPath: (text: string) => Parsed<AclPath>;
  /** Normalises a path that a server reports, whatever pattern it has. */
  readonly normalizeAclPath: (text: string) => AclPath;
  /** Why a release surely takes no new entry at a path, in words; undefined where it may. */
  readonly lacksAclPath: (path: AclPath, version: string) => string | undefined;
  /** Releases that surely can't give a token a new secret in place; of others it is learnt by trying. */
  readonly lacksRegenerate: (version: string) => boolean;
  /** Releases on which a token's comment can be another one, but never none: the server takes the write and does nothing. */
  readonly keepsTokenComments: (version: string) => boolean;
  readonly isEmail: (text: string) => boolean;
  /** Whether the server refuses to create a role of this name, built-in roles aside. */
  readonly isReservedRoleName: (text: string) => boolean;
}
