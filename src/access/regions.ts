// The change between two standpoints over the whole tree. What anybody holds differs only from one named path to the
// next, so the change is told at those where it differs from what it is above, and holds below each until the next.

import type { AclPath } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { affectedPaths } from "./affected.ts";
import { noChange, type PrivilegeChange } from "./cause.ts";
import { freshChildOf, placeAt } from "./lookup.ts";
import { nodesOf } from "./nodes.ts";
import type { Layer } from "./standing.ts";
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
  const ofPools = new Map<string, PrivilegeChange>();
  // A path sorts behind those above it.
  for (const path of sortedSet(affectedPaths(before, after, moved))) {
    const views = [viewOf(before, path), viewOf(after, path)] as const;
    const inherited = changeBelow(regions, nodesOf(path).slice(1));
    const change = (): PrivilegeChange => share(shared, changeBetween(...views));
    const pooledKey = keyOfPooled(...views);
    const here = pooledKey === undefined ? change() : getOrAdd(ofPools, pooledKey, change);
    const below = share(shared, changeBelowPath(...views, { here, inherited }));
    if (here !== inherited || below !== inherited) regions.set(path, { path, here, below });
  }
  return regions;
}

/** Equal for members of the same pools, all along, that have no entries of their own: the same changes at each. */
function keyOfPooled(before: View, after: View): string | undefined {
  if ([before, after].some((view) => view.holder.kind !== "parties" || layersAt(view).length > 0))
    return undefined;
  const [pools, later] = [before, after].map(({ place }) => place.pools.map(([pool]) => pool).join(" "));
  return pools === later ? `${before.place.nodes[1] ?? ""} ${pools ?? ""}` : undefined;
}

/** Without entries on the path, below it is as below what is above; without pools and where all propagate, as on it. */
function changeBelowPath(
  before: View,
  after: View,
  known: { readonly here: PrivilegeChange; readonly inherited: PrivilegeChange },
): PrivilegeChange {
  const layers = [before, after].flatMap(layersAt);
  if (layers.length === 0 && before.holder.kind === "parties" && after.holder.kind === "parties")
    return known.inherited;
  const isPooled = before.place.pools.length + after.place.pools.length > 0;
  if (!isPooled && layers.every(({ here, below }) => here === below)) return known.here;
  return changeBetween(fresh(before), fresh(after));
}

function layersAt({ holder, place: { nodes } }: View): readonly Layer[] {
  const [path] = nodes;
  if (holder.kind !== "parties" || path === undefined) return [];
  return holder.parties.flatMap(({ profile }) => profile.get(path) ?? []);
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
