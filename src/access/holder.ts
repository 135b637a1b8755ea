// Whose entries decide about an identity, and what they give it at a place.

import {
  isTokenId,
  ownerOf,
  type AuthId,
  type Privilege,
  type RoleId,
  type Subject,
  type UserId,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { AccessIndex, Place } from "./lookup.ts";
import { profileOf, standingAt } from "./profile.ts";
import { noAccess, standingFrom, type Privileges, type Profile } from "./standing.ts";

/** One whose entries count: the identity itself, or a token's owner. */
export interface Party {
  readonly of: "self" | "owner";
  readonly subject: Exclude<Subject, { kind: "group" }>;
  readonly profile: Profile;
}

/** Everything, nothing, or what one party has; of two, a separated token and its owner, what both have. */
export type Holder =
  | { readonly kind: "superuser"; readonly id: UserId }
  | { readonly kind: "nobody" }
  | { readonly kind: "parties"; readonly parties: readonly [Party] | readonly [Party, Party] };

export const nobody: Holder = { kind: "nobody" };
const noPrivileges: Privileges = new Map();

/** A user need not exist to be named by an entry or a group; a token must. */
export function holderOf(index: AccessIndex, id: AuthId): Holder {
  if (id === pve.superuser) return { kind: "superuser", id: pve.superuser };
  if (!isTokenId(id)) return { kind: "parties", parties: [userParty(index, id, "self")] };
  const token = index.state.tokens.get(id);
  if (token === undefined) return nobody;
  const owner = ownerOf(id);
  if (!token.privilegeSeparation) {
    return owner === pve.superuser
      ? holderOf(index, owner)
      : { kind: "parties", parties: [userParty(index, owner, "owner")] };
  }
  const subject = { kind: "token", id } as const;
  const self = { of: "self", subject, profile: profileOf(index, subject) } as const;
  const parties =
    owner === pve.superuser ? ([self] as const) : ([self, userParty(index, owner, "owner")] as const);
  return { kind: "parties", parties };
}

function userParty(index: AccessIndex, id: UserId, of: Party["of"]): Party {
  const subject = { kind: "user", id } as const;
  return { of, subject, profile: profileOf(index, subject) };
}

export function privilegesAt(index: AccessIndex, holder: Holder, place: Place): Privileges {
  switch (holder.kind) {
    case "superuser":
      return index.superuserPrivileges;
    case "nobody":
      return noPrivileges;
    case "parties": {
      const [first, second] = holder.parties;
      const held = privilegesOf(index, first.profile, place);
      return second === undefined ? held : intersect(held, privilegesOf(index, second.profile, place));
    }
  }
}

/** What pools give comes on top, without propagate, unless the entries refuse; a pool's refusal takes everything. */
export function privilegesOf(index: AccessIndex, profile: Profile, { nodes, pools }: Place): Privileges {
  const standing = standingAt(profile, nodes);
  if (standing?.grants.has(noAccess) === true) return standing.privileges;
  const pooled = new Map<RoleId, boolean>();
  for (const pool of pools) {
    for (const role of standingAt(profile, pool)?.grants.keys() ?? []) pooled.set(role, false);
  }
  if (pooled.size === 0) return standing?.privileges ?? noPrivileges;
  const grants = new Map([...pooled, ...(standing?.grants ?? [])]);
  return standingFrom(grants, index.state.roles)?.privileges ?? noPrivileges;
}

function intersect(own: Privileges, owner: Privileges): Privileges {
  const both = new Map<Privilege, boolean>();
  for (const [privilege, propagate] of own) {
    const backed = owner.get(privilege);
    if (backed !== undefined) both.set(privilege, propagate && backed);
  }
  return both;
}
