// The change between two standpoints over the whole tree. What anybody holds differs only from one named path to the
// next, so the change is told at those where it differs from what it is above, and holds below each until the next.

import type { AclPath } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { affectedPaths } from "./affected.ts";
import { noChange, type PrivilegeChange } from "./cause.ts";
import { freshChildOf, placeAt } from "./lookup.ts";
import { nodesOf } from "./nodes.ts";
import { changeBetween, type Standpoint, type View } from "./standpoint.ts";
import { wordCause } from "./words.ts";

/** The change on a path, and the one on everything below it, down to the next region. Equal changes are one object. */
export interface Region {
  readonly path: AclPath;
  readonly here: PrivilegeChange;
  readonly below: PrivilegeChange;
}

/** By path, from the top down. Where there is none, nothing changes. */
export type Regions = ReadonlyMap<AclPath, Region>;

/** `moved` are the guests and storages whose pools are not the same. */
export function regionsBetween(before: Standpoint, after: Standpoint, moved: readonly AclPath[]): Regions {
  const regions = new Map<AclPath, Region>();
  const shared = new Map<string, PrivilegeChange>();
  // A path sorts behind those above it.
  for (const path of sortedSet(affectedPaths(before, after, moved))) {
    const [viewBefore, viewAfter] = [viewOf(before, path), viewOf(after, path)];
    const here = share(shared, changeBetween(viewBefore, viewAfter));
    const below = share(shared, changeBetween(fresh(viewBefore), fresh(viewAfter)));
    const inherited = changeBelow(regions, nodesOf(path).slice(1));
    if (here !== inherited || below !== inherited) regions.set(path, { path, here, below });
  }
  return regions;
}

/** The change at a path given by its nodes, nearest first. */
export function changeAt(regions: Regions, nodes: readonly AclPath[]): PrivilegeChange {
  const own = nodes[0] === undefined ? undefined : regions.get(nodes[0]);
  return own?.here ?? changeBelow(regions, nodes);
}

/** The change on what no state names below a path. */
export function changeBelow(regions: Regions, nodes: readonly AclPath[]): PrivilegeChange {
  for (const node of nodes) {
    const region = regions.get(node);
    if (region !== undefined) return region.below;
  }
  return noChange;
}

function viewOf(standpoint: Standpoint, path: AclPath): View {
  return { ...standpoint, place: placeAt(standpoint.index, path) };
}

function fresh(view: View): View {
  return { ...view, place: freshChildOf(view.place) };
}

function share(shared: Map<string, PrivilegeChange>, change: PrivilegeChange): PrivilegeChange {
  if (change === noChange) return noChange;
  const because = change.because.map((cause) => wordCause(cause));
  return getOrAdd(shared, JSON.stringify([change.gained, change.lost, because]), () => change);
}
