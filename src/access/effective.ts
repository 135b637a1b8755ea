// In: an index, an identity, a path. Out: the computed permissions, as GET /access/permissions answers: those of
// disabled and expired subjects too. Must not know: who may ask.

import type { AclPath, AuthId } from "../model/ids.ts";
import type { Permissions } from "../model/live-state.ts";
import { holderOf, privilegesAt } from "./holder.ts";
import { placeAt, type AccessIndex } from "./lookup.ts";
import type { Privileges } from "./standing.ts";

/** A privilege is held if it is in the answer; the flag tells whether it also holds below. `path` is taken as it is. */
export function effectivePrivileges(index: AccessIndex, id: AuthId, path: string): Privileges {
  return privilegesAt(index, holderOf(index, id), placeAt(index, path));
}

/** The whole answer for one identity: every path that the server looks at, without those where nothing is held. */
export function effectivePermissions(index: AccessIndex, id: AuthId): Permissions {
  const holder = holderOf(index, id);
  const permissions = new Map<AclPath, Privileges>();
  for (const [path, place] of index.places) {
    const privileges = privilegesAt(index, holder, place);
    if (privileges.size > 0) permissions.set(path, privileges);
  }
  return permissions;
}
