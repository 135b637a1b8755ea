// Who holds every privilege, as the server's own role Administrator has them, on `/` and below.

import { effectivePrivileges } from "../access/effective.ts";
import { administrator, type AccessIndex } from "../access/lookup.ts";
import { root } from "../access/nodes.ts";
import type { Privileges } from "../access/standing.ts";
import { isUsable } from "../access/usable.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AuthId, UserId } from "../model/ids.ts";

export function holdsEverything({ roles }: Pick<AccessState, "roles">, held: Privileges): boolean {
  return (roles.get(administrator)?.privileges ?? []).every((privilege) => held.get(privilege) === true);
}

/** Whether somebody who can log in holds everything. */
export function isAdministrator(index: AccessIndex, id: AuthId, nowSeconds: number): boolean {
  return (
    isUsable(index.state, id, nowSeconds) &&
    holdsEverything(index.state, effectivePrivileges(index, id, root))
  );
}

export function administratorsIn(index: AccessIndex, nowSeconds: number): readonly UserId[] {
  return [...index.state.users.keys()].filter((id) => isAdministrator(index, id, nowSeconds));
}
