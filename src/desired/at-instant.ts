// The one place where a validity meets an instant: what is not there then is declared as not there. Pure; the instant is
// handed in.

import type { DesiredMembership, DesiredPair, DesiredState, TakenRole } from "../model/desired.ts";
import type { DesiredOverTime, TimedMembership, TimedPair } from "../model/desired-over-time.ts";
import type { RoleId } from "../model/ids.ts";
import { isWithin } from "../model/validity.ts";
import { boundariesAfter } from "./boundaries.ts";

/** What the manifests say at one instant, in seconds since the epoch. */
export function desiredAt(overTime: DesiredOverTime, nowSeconds: number): DesiredState {
  const { target, users, groups, roles, tokens, pools, realms, policies, timeBoxes } = overTime;
  return {
    target,
    users,
    groups,
    roles,
    tokens,
    pools,
    realms,
    policies,
    memberships: overTime.memberships.map((membership) => membershipAt(membership, nowSeconds)),
    acl: overTime.acl.map((pair) => pairAt(pair, nowSeconds)),
    boundaries: boundariesAfter(timeBoxes, nowSeconds),
  };
}

function membershipAt({ validity, ...membership }: TimedMembership, nowSeconds: number): DesiredMembership {
  const isOutside = membership.ensure === "present" && !isWithin(validity, nowSeconds);
  return isOutside ? { ...membership, ensure: "outside" } : membership;
}

/** A pair whose grants are all of another time is declared, and holds nothing. */
function pairAt(pair: TimedPair, nowSeconds: number): DesiredPair {
  const grants = new Map<RoleId, DesiredPair["grants"][number]>();
  for (const { role, propagate, source, validity } of pair.grants) {
    if (isWithin(validity, nowSeconds) && !grants.has(role)) grants.set(role, { role, propagate, source });
  }
  const outside = new Map<RoleId, TakenRole>();
  for (const { role, source } of pair.grants) {
    if (!grants.has(role) && !outside.has(role)) outside.set(role, { role, source });
  }
  const isEmptied = pair.ensure === "present" && grants.size === 0 && outside.size > 0;
  return {
    ...pair,
    ensure: isEmptied ? "absent" : pair.ensure,
    grants: [...grants.values()],
    outside: [...outside.values()],
  };
}
