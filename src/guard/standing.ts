// Somebody at one moment of a plan, as the rules of the endpoints look at him.

import { effectivePrivileges } from "../access/effective.ts";
import type { AccessIndex } from "../access/lookup.ts";
import type { Trial } from "../access/trial.ts";
import { isUsable } from "../access/usable.ts";
import type { AuthId } from "../model/ids.ts";
import { groupsByUser } from "../plan/diff.ts";
import type { Standing } from "./lacks.ts";
import type { Scene } from "./needs.ts";

/** After so many writes of a plan. */
export function standingIn(trial: Trial, caller: AuthId, { version }: Surroundings): Standing {
  return {
    isSelf: (user) => user === caller && trial.isUsable(caller),
    has: ({ privilege, path, propagate }) => holds(trial.held(caller, path), privilege, propagate),
    groupsOf: (user) => trial.groupsOf(user),
    privilegesOf: (role) => trial.privilegesOf(role),
    delegation: delegationOf(version),
  };
}

/** Before the first write. */
export function standingAt(
  before: AccessIndex,
  nowSeconds: number,
  caller: AuthId,
  { version }: Surroundings,
): Standing {
  const canLogIn = isUsable(before.state, caller, nowSeconds);
  const groups = groupsByUser(before.state);
  return {
    isSelf: (user) => user === caller && canLogIn,
    has: ({ privilege, path, propagate }) =>
      canLogIn && holds(effectivePrivileges(before, caller, path), privilege, propagate),
    groupsOf: (user) => groups.get(user) ?? [],
    privilegesOf: (role) => before.state.roles.get(role)?.privileges ?? [],
    delegation: delegationOf(version),
  };
}

interface Surroundings {
  /** The server's release. */
  readonly version: string;
}

/** libpve-access-control 8.0.0 limited it. A release that can't be told apart is taken for a newer one. */
function delegationOf(version: string): Scene["delegation"] {
  return version.startsWith("7.") ? "any" : "own";
}

function holds(held: ReadonlyMap<string, boolean>, privilege: string, propagate: boolean): boolean {
  return propagate ? held.get(privilege) === true : held.has(privilege);
}
