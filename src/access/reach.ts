// Where somebody holds certain privileges, of the paths that some globs take: those that a state names and those that
// it doesn't. What anybody holds changes only at the paths of his own entries and at members of pools, so each of these
// is asked for itself and for what is below it, down to the next.

import type { AclPath, Privilege } from "../model/ids.ts";
import { sameTexts, sortedSet } from "../support/compare.ts";
import type { Glob } from "../support/glob.ts";
import { getOrAdd } from "../support/maps.ts";
import { privilegesAt, type Holder } from "./holder.ts";
import { freshChildOf, freshPathBelow, placeAt, type AccessIndex, type Place } from "./lookup.ts";
import { nodesOf, root } from "./nodes.ts";
import { pooledPaths } from "./pooled.ts";
import type { Privileges, Standing } from "./standing.ts";

/** What is looked for. Made once and asked of many, since most holders turn at the same paths. */
export interface Sought {
  /** Sorted. The same list for the same privileges. */
  readonly soughtOf: (held: Privileges) => readonly Privilege[];
  readonly globsAt: (path: AclPath) => GlobsAt;
}

/** The globs that take a path, and those that take something below it. */
interface GlobsAt {
  readonly here: readonly Glob[];
  readonly below: readonly Deeper[];
}

/** The folders that must not be decided nearer for the glob to take something for which the path decides. */
interface Deeper {
  readonly glob: Glob;
  readonly ways: readonly (readonly AclPath[])[];
  /** Whether it takes whatever lies there. */
  readonly isWide: boolean;
}

export function seek(paths: readonly Glob[], isSought: (privilege: Privilege) => boolean): Sought {
  const known = new Map<AclPath, GlobsAt>();
  // Standings share what they hold, so that most of it is looked through once.
  const lists = new Map<Privileges, readonly Privilege[]>();
  return {
    soughtOf: (held) => {
      const list = lists.get(held) ?? sortedSet([...held.keys()].filter(isSought));
      lists.set(held, list);
      return list;
    },
    globsAt: (path) =>
      getOrAdd(known, path, () => ({
        here: paths.filter((glob) => glob.takes(path)),
        below: paths.flatMap((glob) => {
          const ways = waysBelow(glob, path);
          return ways.length === 0 ? [] : [{ glob, ways, isWide: glob.takes(freshPathBelow(path)) }];
        }),
      })),
  };
}

/** For each rest of the glob, the nodes of what it names before anything may follow, nearest first. */
function waysBelow(glob: Glob, path: AclPath): Deeper["ways"] {
  const folder = path === root ? "" : path;
  return glob.below(path).map(({ beginning, isOpen }) => {
    // Where anything may follow, it can be something that no state names.
    const known = isOpen ? beginning.slice(0, beginning.lastIndexOf("/") + 1) : beginning;
    return nodesOf(`${folder}/${known}`);
  });
}

/** Privileges of a holder at a place. */
export interface Reach {
  /** The path, or, as `/vms/*`, what stands for those below one that no state names. */
  readonly path: AclPath;
  /** In words: `/vms and below`, `/vms/9*`. */
  readonly where: string;
  /** Sorted, never none. */
  readonly privileges: readonly Privilege[];
}

/** Where what a holder has can be something else than above: the same whatever is looked for. */
export interface Turns {
  readonly paths: ReadonlySet<AclPath>;
  /** Sorted: a path comes behind those above it. */
  readonly sorted: readonly AclPath[];
}

export function turnsOf(index: AccessIndex, holder: Holder): Turns {
  const paths = turningPaths(index, holder);
  return { paths, sorted: sortedSet(paths) };
}

/** From the top down. At every turn it is said anew: another entry decides there. Whoever asks often keeps the turns. */
export function reachOf(
  index: AccessIndex,
  holder: Holder,
  sought: Sought,
  turnsOfHolder = (): Turns => turnsOf(index, holder),
): readonly Reach[] {
  if (!mayHold(holder, sought)) return [];
  const { paths, sorted } = turnsOfHolder();
  const held = (place: Place): readonly Privilege[] => sought.soughtOf(privilegesAt(index, holder, place));
  return sorted.flatMap((path) => {
    const place = placeAt(index, path);
    const globs = sought.globsAt(path);
    const below = reaching(globs.below, path, paths);
    return reachesAt(path, {
      here: globs.here.length === 0 ? [] : held(place),
      below: below.length === 0 ? [] : held(freshChildOf(place)),
      globs: below,
    });
  });
}

/** Pools and what is inherited give nothing that no entry gives: most holders need no second look. */
function mayHold(holder: Holder, { soughtOf }: Sought): boolean {
  const gives = (standing: Standing | undefined): boolean =>
    standing !== undefined && soughtOf(standing.privileges).length > 0;
  return (
    holder.kind !== "parties" ||
    holder.parties.every(({ profile }) =>
      [...profile.values()].some(({ here, below }) => gives(here) || (below !== here && gives(below))),
    )
  );
}

function turningPaths(index: AccessIndex, holder: Holder): ReadonlySet<AclPath> {
  switch (holder.kind) {
    case "superuser":
      return new Set([root]);
    case "nobody":
      return new Set();
    case "parties":
      return new Set(
        holder.parties.flatMap(({ profile }) => [
          ...profile.keys(),
          ...pooledPaths(index, profile, index.pools),
        ]),
      );
  }
}

/** The globs that take a path below this one for which nothing nearer decides. */
function reaching(below: readonly Deeper[], path: AclPath, turns: ReadonlySet<AclPath>): readonly Deeper[] {
  return below.filter(({ ways }) => ways.some((nodes) => nodes.find((node) => turns.has(node)) === path));
}

interface Found {
  readonly here: readonly Privilege[];
  readonly below: readonly Privilege[];
  /** Those that take something below. */
  readonly globs: readonly Deeper[];
}

function reachesAt(path: AclPath, { here, below, globs }: Found): readonly Reach[] {
  const isWide = globs.some((one) => one.isWide);
  if (isWide && here.length > 0 && sameTexts(here, below))
    return [{ path, where: `${path} and below`, privileges: here }];
  const narrow = globs.map(({ glob }) => glob.text.replace(/(?<=.)\/\*\*$/u, " and below")).join(", ");
  return [
    ...(here.length > 0 ? [{ path, where: path, privileges: here }] : []),
    ...(below.length > 0
      ? [{ path: freshPathBelow(path), where: isWide ? `what is below ${path}` : narrow, privileges: below }]
      : []),
  ];
}
