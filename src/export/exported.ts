// In: nothing. Out: the shapes that the parts of an export share. Must not know: how a server is read, where files go.

import type { AccessState } from "../model/access-state.ts";
import type { AclPath, GroupId, PoolId, RealmId, RoleId, Subject, TokenId, UserId } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import type { DocumentOf } from "../schema/kinds.ts";

/** Which live objects the manifests are to own. */
export interface Extent {
  readonly user: (user: UserId) => boolean;
  readonly group: (group: GroupId) => boolean;
  readonly role: (role: RoleId) => boolean;
  readonly token: (token: TokenId) => boolean;
  readonly pool: (pool: PoolId) => boolean;
  readonly realm: (realm: RealmId) => boolean;
  readonly pair: (path: AclPath, subject: Subject) => boolean;
  /** Whether nobody moves this user between groups: the superuser, and who is out of scope by name. */
  readonly isLeftAlone: (user: UserId) => boolean;
  readonly isDirectoryUser: (user: UserId) => boolean;
  readonly isDirectoryGroup: (group: GroupId) => boolean;
}

export interface ExportInput {
  readonly state: AccessState;
  readonly product: Product;
  readonly extent: Extent;
  /** What each manifest is to name in `spec.targets`; undefined where they apply to every target. */
  readonly targets?: readonly string[];
  /** How the variables begin that manifests may take secrets from. */
  readonly envPrefix: string;
}

type ExportedKind = "User" | "Group" | "Membership" | "Role" | "ACL" | "Token" | "Pool" | "Realm";

/** What the schema of a kind has below `spec`. */
export type SpecOf<Kind extends ExportedKind> = NonNullable<DocumentOf[Kind]["spec"]>;

/** One manifest; `remarks` are the comments above it, a line each. */
export interface ExportedDocument<Kind extends ExportedKind = ExportedKind> {
  readonly kind: Kind;
  readonly name: string;
  readonly spec: SpecOf<Kind>;
  readonly remarks: readonly string[];
}

/** What one file holds; its `remarks` are the comments at its head. */
export interface Part {
  readonly documents: readonly ExportedDocument[];
  readonly remarks: readonly string[];
}

/**
 * In the order in which a reader gets to know a server. The names are ours alone: nothing of a server ever becomes a file's
 * name.
 */
export const fileNames = [
  "realms.yaml",
  "users.yaml",
  "groups.yaml",
  "roles.yaml",
  "pools.yaml",
  "acl.yaml",
  "tokens.yaml",
] as const;

export type FileName = (typeof fileNames)[number];

export interface ExportedFile extends Part {
  readonly name: FileName;
}
