// In: what one read of a target gave. Out: the guests and storages that are in a pool although no pool lists them. Must
// not know: manifests.
//
// The server stores a member that does not exist as guest or storage, and hides it where it lists members. But the
// caller's own permissions, as GET /access/permissions tells them, hold a path for every stored member at which the caller
// holds something, and who may see all pools holds Pool.Audit on each member by way of its pool (docs/decisions/010).

import { effectivePrivileges } from "../access/effective.ts";
import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import { nodesOf } from "../access/nodes.ts";
import type { AclPath } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";

const ofMember = /^\/(?:vms\/[1-9][0-9]*|storage\/[^/]+)$/u;

/**
 * Where the caller's own entries give it the same on the path there is no telling, unless the path is one of `taken`:
 * what a pool has just taken in.
 */
export function hiddenMembers(
  live: LiveState,
  taken: ReadonlySet<AclPath> = new Set(),
): ReadonlySet<AclPath> {
  const named = [...new Set([...live.callerPermissions.keys(), ...taken])].filter((path) =>
    ofMember.test(path),
  );
  if (named.length === 0) return new Set();
  const index = indexAccess(live.state);
  const entryPaths = new Set(live.state.acl.flatMap(({ path }) => nodesOf(path)));
  return new Set(
    named.filter(
      (path) =>
        !index.poolsOf.has(path) &&
        (taken.has(path) || !entryPaths.has(path) || holdsMore(live, index, path)),
    ),
  );
}

/** Whether the caller holds more on the path than its entries and the listed pools give it. */
function holdsMore({ caller, callerPermissions }: LiveState, index: AccessIndex, path: AclPath): boolean {
  const computed = effectivePrivileges(index, caller, path);
  return [...(callerPermissions.get(path)?.keys() ?? [])].some((privilege) => !computed.has(privilege));
}
