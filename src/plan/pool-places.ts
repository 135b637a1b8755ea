// In: both ends of a plan. Out: the guests and storages at which somebody's entries on pools have to be looked at. Must
// not know: what is held there. A pool's entries count at its members, beside what stands there, and a refusal takes all.

import { nodesOf, root } from "../access/nodes.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AclPath, PoolId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { getOrAdd } from "../support/maps.ts";

export class PoolPlaces {
  /** By each path at or above a pool, the root left out: an entry there is one that the member's own path lacks. */
  readonly #below = new Map<AclPath, Set<AclPath>>();
  readonly #all: readonly AclPath[];

  constructor(before: AccessState, after: AccessState) {
    const [had, has] = [poolsByMember(before), poolsByMember(after)];
    const named = new Set([...before.acl, ...after.acl].map(({ path }) => path));
    const chosen = new Map<string, AclPath>();
    for (const member of new Set([...had.keys(), ...has.keys()])) {
      const [from, to] = [had.get(member) ?? [], has.get(member) ?? []];
      // Members that are in the same pools at both ends, and have no entry of their own, are all alike.
      const isAlike = from.join() === to.join() && !named.has(member);
      const key = isAlike ? `${member.split("/")[1] ?? ""} ${from.join()}` : member;
      if (chosen.has(key)) continue;
      chosen.set(key, member);
      for (const node of new Set([...from, ...to].flatMap(nodesOf))) {
        if (node !== root) getOrAdd(this.#below, node, () => new Set<AclPath>()).add(member);
      }
    }
    this.#all = [...chosen.values()];
  }

  /** For somebody whose entries stand on these paths. */
  placesFor(paths: Iterable<AclPath>): readonly AclPath[] {
    if (this.#all.length === 0) return [];
    const places = new Set<AclPath>();
    let isOnlyRoot = true;
    for (const path of paths) {
      if (path !== root) isOnlyRoot = false;
      for (const member of this.#below.get(path) ?? []) places.add(member);
    }
    // Where no entry stands on the way to a pool, the pools are alike, too: one of them will do.
    const other = isOnlyRoot ? undefined : this.#all.find((member) => !places.has(member));
    return other === undefined ? [...places] : [...places, other];
  }
}

function poolsByMember({ pools }: AccessState): ReadonlyMap<AclPath, readonly AclPath[]> {
  const byMember = new Map<AclPath, AclPath[]>();
  for (const { id, members } of pools.values()) {
    for (const path of memberPaths(members)) getOrAdd(byMember, path, () => []).push(poolPath(id));
  }
  return byMember;
}

function memberPaths(
  members: { readonly vms: readonly number[]; readonly storages: readonly string[] } | undefined,
): readonly AclPath[] {
  return [
    ...(members?.vms ?? []).map((vm) => pve.normalizeAclPath(`/vms/${vm}`)),
    ...(members?.storages ?? []).map((name) => pve.normalizeAclPath(`/storage/${name}`)),
  ];
}

function poolPath(id: PoolId): AclPath {
  return pve.normalizeAclPath(`/pool/${id}`);
}
