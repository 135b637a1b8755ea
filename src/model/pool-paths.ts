// Pools in pools, and the places of pools and of what is in them.

import type { PoolMembers } from "./access-state.ts";
import type { AclPath, PoolId } from "./ids.ts";
import { pve } from "./pve.ts";

export function pathOfPool(pool: PoolId): AclPath {
  return pve.normalizeAclPath(`/pool/${pool}`);
}

// Proof of both: the server makes these paths of a guest's number and a storage's name, and asks for them as they are.

export function pathOfGuest(vm: number): AclPath {
  return `/vms/${vm}` as AclPath;
}

export function pathOfStorage(name: string): AclPath {
  return `/storage/${name}` as AclPath;
}

export function pathsOfMembers({ vms, storages }: PoolMembers): readonly AclPath[] {
  return [...new Set([...vms.map(pathOfGuest), ...storages.map(pathOfStorage)])];
}

/** The pool that a path is of or below, and those that this one is in, the innermost first; none for other paths. */
export function poolsAlong(path: AclPath): readonly PoolId[] {
  const [empty, top, ...levels] = path.split("/");
  if (empty !== "" || top !== "pool") return [];
  // Proof: a path below /pool has the levels of a pool's id, one to three of them; what has more is below the deepest.
  return levels.map((_, index) => levels.slice(0, index + 1).join("/") as PoolId).reverse();
}

/** The pool that a nested one is in. */
export function parentOf(pool: PoolId): PoolId | undefined {
  const slash = pool.lastIndexOf("/");
  // Proof: the levels before the last one of a pool's id are a pool's id.
  return slash < 0 ? undefined : (pool.slice(0, slash) as PoolId);
}
