// Where somebody holds certain privileges, of the paths that some globs take: those that a state names and those that
// it doesn't. What anybody holds changes only at the paths of his own entries and at members of pools, so each of these
// is asked for itself and for what is below it, down to the next.

import type { AclPath, Privilege } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import type { Glob } from "../support/glob.ts";
import { privilegesAt, type Holder } from "./holder.ts";
import { freshChildOf, freshPathBelow, placeAt, type AccessIndex, type Place } from "./lookup.ts";
import { nodesOf, root } from "./nodes.ts";
import { pooledPaths } from "./pooled.ts";

export interface Sought {
  readonly paths: readonly Glob[];
  readonly isSought: (privilege: Privilege) => boolean;
}

/** Privileges of a holder at a place. */
export interface Reach {
  /** The path, or, as `/vms/*`, what stands for those below one. */
  readonly path: AclPath;
  /** In words: `/vms and below`, `/vms/9*`. */
  readonly where: string;
  /** Sorted, never none. */
  readonly privileges: readonly Privilege[];
}

/** From the top down, each said where it begins and not again below. */
export function reachOf(index: AccessIndex, holder: Holder, sought: Sought): readonly Reach[] {
  const turns = turningPaths(index, holder);
  const said = new Map<AclPath, Said>();
  // A path sorts behind those above it.
  return sortedSet(turns).flatMap((path) => {
    const place = placeAt(index, path);
    const upper = place.nodes.slice(1).find((node) => turns.has(node));
    const above = upper === undefined ? undefined : said.get(upper);
    const globs = sought.paths.filter((glob) => reachesBelow(glob, path, turns));
    const below = { globs, held: globs.length > 0 ? held(freshChildOf(place)) : [] };
    said.set(path, below);
    const taking = sought.paths.filter((glob) => glob.takes(path));
    const here = { globs: taking, held: taking.length > 0 ? held(place) : [] };
    return reachesAt(path, isNew(here, above) ? here : nowhere, isNew(below, above) ? below : nowhere);
  });

  function held(place: Place): readonly Privilege[] {
    return sortedSet([...privilegesAt(index, holder, place).keys()].filter(sought.isSought));
  }
}

/** What is held on the paths that some globs take. */
interface Said {
  readonly globs: readonly Glob[];
  readonly held: readonly Privilege[];
}

const nowhere: Said = { globs: [], held: [] };

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

/** Whether the glob takes a path below this one for which nothing nearer decides. */
function reachesBelow(glob: Glob, path: AclPath, turns: ReadonlySet<AclPath>): boolean {
  const folder = path === root ? "" : path;
  return glob.below(path).some(({ beginning, isOpen }) => {
    // Where anything may follow, it can be something that no state names.
    const known = isOpen ? beginning.slice(0, beginning.lastIndexOf("/") + 1) : beginning;
    return nodesOf(`${folder}/${known}`).find((node) => turns.has(node)) === path;
  });
}

/** The same privileges by a glob that was told of above are not told of again. */
function isNew({ globs, held }: Said, above: Said | undefined): boolean {
  if (held.length === 0) return false;
  if (above === undefined || held.join() !== above.held.join()) return true;
  return !globs.every((glob) => above.globs.includes(glob));
}

function reachesAt(path: AclPath, here: Said, below: Said): readonly Reach[] {
  const fresh = freshPathBelow(path);
  const isWide = below.globs.some((glob) => glob.takes(fresh));
  if (isWide && here.held.length > 0 && here.held.join() === below.held.join())
    return [{ path, where: `${path} and below`, privileges: here.held }];
  const narrow = below.globs.map(({ text }) => text.replace(/(?<=.)\/\*\*$/u, " and below")).join(", ");
  return [
    ...(here.held.length > 0 ? [{ path, where: path, privileges: here.held }] : []),
    ...(below.held.length > 0
      ? [{ path: fresh, where: isWide ? `what is below ${path}` : narrow, privileges: below.held }]
      : []),
  ];
}
