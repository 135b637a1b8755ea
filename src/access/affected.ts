// The paths at which a change between two standpoints can begin or end: of those at which what is held can differ from
// what is held above, the ones that the difference reaches.

import type { AclPath } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { Holder } from "./holder.ts";
import type { AccessIndex } from "./lookup.ts";
import { nodesOf, root } from "./nodes.ts";
import { pooledPaths } from "./pooled.ts";
import type { Layer, Profile, Standing } from "./standing.ts";
import type { Standpoint } from "./standpoint.ts";

/** `moved` are the guests and storages whose pools are not the same. */
export function affectedPaths(
  before: Standpoint,
  after: Standpoint,
  moved: readonly AclPath[],
): ReadonlySet<AclPath> {
  const changed = changedNodes(before.holder, after.holder);
  return new Set([...turningPoints(before, changed), ...turningPoints(after, changed), ...moved]);
}

/** The paths at whose own entries something differs; undefined where the two are too different to tell. */
function changedNodes(before: Holder, after: Holder): ReadonlySet<AclPath> | undefined {
  if (before.kind !== "parties" || after.kind !== "parties") return undefined;
  if (before.parties.length !== after.parties.length) return undefined;
  const changed = new Set<AclPath>();
  for (const { of, profile } of before.parties) {
    const later = after.parties.find((party) => party.of === of);
    if (later === undefined) return undefined;
    for (const path of new Set([...profile.keys(), ...later.profile.keys()])) {
      if (!sameLayer(profile.get(path), later.profile.get(path))) changed.add(path);
    }
  }
  return changed;
}

function turningPoints(
  { index, holder }: Standpoint,
  changed: ReadonlySet<AclPath> | undefined,
): readonly AclPath[] {
  switch (holder.kind) {
    case "superuser":
      return [root];
    case "nobody":
      return [];
    case "parties": {
      const pools = changed === undefined ? index.pools : reachedPools(index, changed);
      return holder.parties.flatMap(({ profile }) => [
        ...reachedPaths(profile, changed),
        ...pooledPaths(index, profile, pools),
      ]);
    }
  }
}

/**
 * Where nothing is changed on a path or above it, nor at its pools, nothing changes on it. A path whose pools are
 * reached is in those.
 */
function reachedPaths(profile: Profile, changed: ReadonlySet<AclPath> | undefined): readonly AclPath[] {
  const paths = [...profile.keys()];
  if (changed === undefined) return paths;
  return paths.filter((path) => changed.has(path) || nodesOf(path).some((node) => changed.has(node)));
}

const pooled = pve.normalizeAclPath("/pool");
const aboveMembers = [root, ...["/vms", "/storage"].map(pve.normalizeAclPath)];

/** The pools that give their members something else than before, or whose members have something else of their own. */
function reachedPools(index: AccessIndex, changed: ReadonlySet<AclPath>): AccessIndex["pools"] {
  if (aboveMembers.some((path) => changed.has(path))) return index.pools;
  const isReached = [...changed].some((path) => path === pooled || path.startsWith(`${pooled}/`));
  return isReached ? index.pools.filter(({ nodes }) => nodes.some((node) => changed.has(node))) : [];
}

function sameLayer(before: Layer | undefined, after: Layer | undefined): boolean {
  return sameStanding(before?.here, after?.here) && sameStanding(before?.below, after?.below);
}

function sameStanding(before: Standing | undefined, after: Standing | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return same(before.grants, after.grants) && same(before.privileges, after.privileges);
}

function same<K>(before: ReadonlyMap<K, boolean>, after: ReadonlyMap<K, boolean>): boolean {
  if (before.size !== after.size) return false;
  for (const [key, flag] of before) {
    if (after.get(key) !== flag) return false;
  }
  return true;
}
