// In: desired state, live state, ownership. Out: what the settle stations share. Must not know: operations.

import type { DesiredState } from "../model/desired.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AclPath, Privilege, RealmId, TokenId, UserId } from "../model/ids.ts";
import type { Lifetime } from "../model/lifetime.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import type { Product } from "../model/product.ts";
import type { SecretReference } from "../model/secret.ts";
import type { ObjectKind } from "../model/target.ts";
import type { Place } from "../support/place.ts";
import type { Ownership, Stays } from "./ownership.ts";
import type { ChangeKind, ChangeReason, Finding, RealmSecrets, Unmanaged } from "./plan.ts";
import type { Renewal } from "./renewal.ts";

export interface Settling {
  readonly desired: DesiredState;
  readonly live: AccessState;
  readonly supported: ReadonlySet<Privilege>;
  readonly product: Product;
  readonly ownership: Ownership;
  readonly nowSeconds: number;
  /** Tokens that a person wants to have a new secret now. */
  readonly asked: ReadonlySet<TokenId>;
  /** Tokens whose secret a sink does not hold. */
  readonly notInSink: ReadonlySet<TokenId>;
  /** Users whose declared password the server refuses. */
  readonly refusedPasswords: ReadonlySet<UserId>;
  /** Realms whose secrets a person wants to have set now. */
  readonly askedRealms: ReadonlySet<RealmId>;
  /** The release of the server. */
  readonly version: string;
  /** Whether the server can give a token a new secret in place. */
  readonly regenerates: boolean;
  /** Whether a token's comment, once there, can't be taken off. */
  readonly keepsTokenComments: boolean;
  readonly poolFeatures: PoolFeatures;
  /** Paths of guests and storages that are in a pool and that the server does not list there. */
  readonly hiddenMembers: ReadonlySet<AclPath>;
}

/** A change before it has an index: its kind and name. */
export type ChangeKey = `${ChangeKind} ${string}`;

export function changeKey(kind: ChangeKind, name: string): ChangeKey {
  return `${kind} ${name}`;
}

/** A finding before its changes have indices. */
export interface Note extends Omit<Finding, "changes"> {
  readonly about: readonly ChangeKey[];
}

export interface Origin {
  readonly reason: ChangeReason;
  readonly source?: Place;
}

/** What settling one kind says beside the wanted objects. Stations append; the planner reads it once. */
export interface Remarks {
  readonly notes: Note[];
  readonly unmanaged: Unmanaged[];
  /** Why an object is as it is wanted, where that is not "declared" without a place. */
  readonly origins: Map<ChangeKey, Origin>;
  /** Changes that must wait. */
  readonly held: Set<ChangeKey>;
  readonly tokens: Map<TokenId, TokenRemark>;
  /** Users whose password is set again, with where it is read from. */
  readonly passwords: Map<UserId, SecretReference>;
  readonly realms: Map<RealmId, RealmRemark>;
}

export interface RealmRemark {
  /** Sent along with it, though it may stay as it is. */
  readonly secrets?: RealmSecrets;
  /** Whatever is sent of it is tried out by the server first. */
  readonly checksConnection?: true;
}

export interface TokenRemark {
  /** It gets a new secret. */
  readonly renewal?: Renewal;
  /** Its expiry counts from now, so plans show how long it is in place of an instant. */
  readonly lifetime?: Lifetime;
}

export function noRemarks(): Remarks {
  return {
    notes: [],
    unmanaged: [],
    origins: new Map(),
    held: new Set(),
    tokens: new Map(),
    passwords: new Map(),
    realms: new Map(),
  };
}

/** What becomes of a live object that no manifest declares. */
export type Fate = "stays" | "delete" | "disable";

/** Whether a live object is in scope, and why prune would leave it alone. */
export interface Standing {
  readonly inScope: boolean;
  readonly stays: Stays;
}

const objectKinds: Readonly<Record<ChangeKind, ObjectKind>> = {
  User: "users",
  Group: "groups",
  Role: "roles",
  Token: "tokens",
  ACL: "acl",
  Pool: "pools",
  Realm: "realms",
};

export function fateOf(kind: ChangeKind, standing: Standing, desired: DesiredState): Fate {
  if (!standing.inScope || barTo(kind, standing, desired) !== undefined) return "stays";
  return desired.target.prune[objectKinds[kind]] === "disable" ? "disable" : "delete";
}

/** Decides over an undeclared live object, and lists it where it stays although it is in scope. */
export function settleUndeclared(
  kind: ChangeKind,
  object: Standing & { readonly name: string },
  { desired }: Settling,
  remarks: Remarks,
): Fate {
  const fate = fateOf(kind, object, desired);
  if (fate !== "stays") {
    remarks.origins.set(changeKey(kind, object.name), { reason: "prune" });
    return fate;
  }
  const reason = object.inScope ? barTo(kind, object, desired) : undefined;
  if (reason !== undefined) remarks.unmanaged.push({ kind, name: object.name, reason });
  return fate;
}

function barTo(
  kind: ChangeKind,
  { stays }: Standing,
  desired: DesiredState,
): Unmanaged["reason"] | undefined {
  return stays ?? pruneBar(objectKinds[kind], desired);
}

/** Why nothing of a kind is pruned on this target; undefined where prune may take what is unmanaged. */
export function pruneBar(kind: ObjectKind, desired: DesiredState): Unmanaged["reason"] | undefined {
  const { prune, safety } = desired.target;
  if (prune[kind] === false) return "prune-off";
  if (!safety.allowEmpty.includes(kind) && !wantsAny(kind, desired)) return "kind-undeclared";
  return undefined;
}

/** Whether a manifest wants anything of the kind to exist. */
function wantsAny(kind: ObjectKind, desired: DesiredState): boolean {
  // Asked for every object that is not declared, so it stops at the first answer.
  const isWanted = ({ ensure }: { readonly ensure: string }): boolean => ensure !== "absent";
  const some = (objects: ReadonlyMap<string, { readonly ensure: string }>): boolean => {
    for (const object of objects.values()) if (isWanted(object)) return true;
    return false;
  };
  switch (kind) {
    case "users":
      return some(desired.users);
    case "groups":
      return some(desired.groups);
    case "roles":
      return some(desired.roles);
    case "tokens":
      return some(desired.tokens);
    case "acl":
      return desired.acl.some(
        (pair) => isWanted(pair) && (pair.ensure === "ignored" || pair.grants.length > 0),
      );
    case "pools":
      return some(desired.pools);
    case "realms":
      return some(desired.realms);
  }
}
