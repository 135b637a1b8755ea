// In: roles with propagate. Out: what they amount to. Must not know: who has them, where they come from.
// The rules are those of Proxmox VE (libpve-access-control 9.1.1), as are all of this folder so far.

import type { Role } from "../model/access-state.ts";
import type { AclPath, Privilege, RoleId } from "../model/ids.ts";

/** Each privilege with whether it also holds below the path. */
export type Privileges = ReadonlyMap<Privilege, boolean>;

/** Each role with propagate. */
export type Grants = ReadonlyMap<RoleId, boolean>;

/** The roles that somebody has on a path, never none, and the privileges in them, possibly none. */
export interface Standing {
  readonly grants: Grants;
  /** What the entries say: the roles that NoAccess beats too. */
  readonly given: Grants;
  readonly privileges: Privileges;
}

/** What somebody has by the entries of one path: on the path itself, and on what is below it. */
export interface Layer {
  readonly here: Standing | undefined;
  readonly below: Standing | undefined;
}

/** What one subject has, its own and its groups', at every path that has something for it. */
export type Profile = ReadonlyMap<AclPath, Layer>;

// Proof: the product's own constant, in its own spelling.
export const noAccess = "NoAccess" as RoleId;

type Roles = ReadonlyMap<RoleId, Role>;

/** NoAccess beats all other roles beside it. A role without privileges counts all the same: it hides what is above. */
export function standingFrom(grants: Grants, roles: Roles): Standing | undefined {
  if (grants.size === 0) return undefined;
  const refusal = grants.get(noAccess);
  const effective = refusal === undefined ? grants : new Map([[noAccess, refusal]]);
  return { grants: effective, given: grants, privileges: privilegesOf(effective, roles) };
}

export function layerFrom(grants: Grants, roles: Roles): Layer {
  const here = standingFrom(grants, roles);
  const propagating = new Map([...grants].filter(([, propagate]) => propagate));
  const below = propagating.size === grants.size ? here : standingFrom(propagating, roles);
  return { here, below };
}

/**
 * Several groups' standings at one path as one. Where they give the same role with different propagate, the server
 * takes whichever comes last in no order at all; true is what agrees with the paths below.
 */
export function joinStandings(standings: readonly Standing[], roles: Roles): Standing | undefined {
  if (standings.length <= 1) return standings[0];
  const grants = new Map<RoleId, boolean>();
  for (const [role, propagate] of standings.flatMap((standing) => [...standing.grants])) {
    grants.set(role, propagate || grants.get(role) === true);
  }
  return standingFrom(grants, roles);
}

/** A privilege holds below where any of its roles does. */
function privilegesOf(grants: Grants, roles: Roles): Privileges {
  const privileges = new Map<Privilege, boolean>();
  for (const [id, propagate] of grants) {
    for (const privilege of roles.get(id)?.privileges ?? []) {
      privileges.set(privilege, propagate || privileges.get(privilege) === true);
    }
  }
  return privileges;
}
