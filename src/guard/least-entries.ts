// The least that a caller is to be given: for each privilege the paths where it is needed, and no more. An entry replaces
// what comes from above, so it says again what is needed there; one that does not propagate replaces nothing below it:
//
//   /               Permissions.Modify, propagated        prune of ACL entries
//   /access/groups  Group.Allocate, and again Permissions.Modify

import { sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Need, Way } from "./needs.ts";
import type { Purpose } from "./purposes.ts";

/** One privilege to hold on one path. */
export interface LeastEntry {
  readonly path: string;
  readonly privilege: string;
  readonly propagate: boolean;
  /** What it is for. Sorted. */
  readonly because: readonly string[];
}

/** Sorted by path and privilege. */
export function leastEntries(purposes: readonly Purpose[]): readonly LeastEntry[] {
  const wanted = chosenNeeds(purposes);
  const nodes = new Map<string, Node>();
  // A path comes before what is below it.
  for (const path of sortedSet(wanted.map(({ need }) => need.path))) placeAt(path, wanted, nodes);
  return [...nodes].flatMap(([path, node]) =>
    sortedSet([...node.own.keys(), ...node.again]).map((privilege) => ({
      path,
      privilege,
      propagate: passesOn(node, privilege),
      because: reasonsFor(path, privilege, wanted),
    })),
  );
}

/** What is given on one path. */
interface Node {
  /** Needed here for itself: by privilege, whether it must propagate. */
  readonly own: Map<string, boolean>;
  /** Needed here since it is needed on a path above and below that. */
  readonly again: ReadonlySet<string>;
  /** Whether that must show in the permissions of this path: the proof that no pool is hidden looks for it there. */
  readonly isShown: boolean;
}

function reachesBelow({ own, again, isShown }: Node): boolean {
  return (isShown && again.size > 0) || [...own.values()].includes(true);
}

/** What comes from above goes on by itself, unless something here replaces it. */
function passesOn(node: Node, privilege: string): boolean {
  return node.own.get(privilege) === true || (node.again.has(privilege) && reachesBelow(node));
}

function reasonsFor(path: string, privilege: string, wanted: readonly Wanted[]): readonly string[] {
  const bearing = wanted.filter(({ need }) => need.privilege === privilege && bearsOn(need, path));
  return sortedSet(bearing.flatMap(({ because }) => [...because]));
}

interface Wanted {
  readonly need: Need;
  readonly because: Set<string>;
}

/** What has only one way is needed anyhow; what has several takes one that is open by then, or the first. */
function chosenNeeds(purposes: readonly Purpose[]): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  const isForced = ({ demand }: Purpose): boolean => demand.ways.length === 1;
  for (const purpose of purposes.filter(isForced)) take(purpose.demand.ways[0], purpose.because, wanted);
  for (const { demand, because } of purposes.filter((purpose) => !isForced(purpose))) {
    const isOpen = (need: Need): boolean => [...wanted.values()].some((other) => covers(other.need, need));
    take(demand.ways.find((way) => way.every(isOpen)) ?? demand.ways[0], because, wanted);
  }
  return [...wanted.values()];
}

/** Once for each privilege on each path, however many objects need it. */
function take(way: Way, because: string, wanted: Map<string, Wanted>): void {
  for (const need of way) {
    const key = `${need.privilege} ${need.path} ${String(need.propagate)}`;
    getOrAdd(wanted, key, () => ({ need, because: new Set<string>() })).because.add(because);
  }
}

function covers(held: Need, wanted: Need): boolean {
  if (held.privilege !== wanted.privilege) return false;
  if (held.path === wanted.path) return held.propagate || !wanted.propagate;
  return held.propagate && isBelow(wanted.path, held.path);
}

function bearsOn(need: Need, path: string): boolean {
  return need.path === path || (need.propagate && isBelow(path, need.path)) || isCarried(need, path);
}

function placeAt(path: string, wanted: readonly Wanted[], nodes: Map<string, Node>): void {
  const own = new Map<string, boolean>();
  const again = new Set<string>();
  for (const { need } of wanted) {
    if (need.path === path) own.set(need.privilege, own.get(need.privilege) === true || need.propagate);
    else if (need.propagate && isBelow(path, need.path)) again.add(need.privilege);
  }
  const names = [...own.keys(), ...again];
  const above = [...nodes].filter(([other]) => isBelow(path, other)).map(([, node]) => node);
  const source = above.findLast(reachesBelow);
  if (source !== undefined && names.every((name) => passesOn(source, name))) return;
  const nearest = above.at(-1);
  if (nearest !== undefined && names.every((name) => nearest.own.has(name) && mayReachFurther(name))) {
    for (const name of names) nearest.own.set(name, true);
    return;
  }
  nodes.set(path, { own, again, isShown: path.startsWith("/pool/") });
}

/** To see a little more is the lesser evil than an entry more: Sys.Audit on /access reaches /access/groups so. */
function mayReachFurther(privilege: string): boolean {
  return privilege.endsWith(".Audit");
}

function isCarried(need: Need, path: string): boolean {
  return mayReachFurther(need.privilege) && isBelow(need.path, path);
}

function isBelow(path: string, above: string): boolean {
  return path !== above && (above === "/" || path.startsWith(`${above}/`));
}
