// An access delta in full: a row for every subject and path, as the plan's JSON lists them.

import type { AclPath, Privilege, SubjectKey } from "../model/ids.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { noChange, type PrivilegeChange } from "./cause.ts";
import type { AccessDelta, DeltaShare } from "./delta.ts";
import { freshPathBelow } from "./lookup.ts";
import { nodesOf, root } from "./nodes.ts";
import { changeAt, changeBelow } from "./regions.ts";
import { wordCause } from "./words.ts";

export interface AccessChange {
  /** A user or a token. */
  readonly subject: SubjectKey;
  /** A path; or, as `/vms/*`, what is below one and has no name in either state, where that is not as on the path. */
  readonly path: AclPath;
  /** Whether the same also changes below the path, on what has no name in either state. */
  readonly propagate: boolean;
  readonly gained: readonly Privilege[];
  readonly lost: readonly Privilege[];
  readonly because: readonly string[];
}

/** Sorted by subject and path. As long as its result, which may be subjects times paths: `summarise` is for reading. */
export function listChanges(delta: AccessDelta): readonly AccessChange[] {
  const ofSubjects = delta.shares.flatMap((share) => {
    const rows = rowsOf(share, delta.paths);
    return share.subjects.map((subject) => ({ subject, rows }));
  });
  return sortedBy(ofSubjects, ({ subject }) => subject).flatMap(({ subject, rows }) =>
    rows.map((row) => ({ subject, ...row })),
  );
}

type Row = Omit<AccessChange, "subject">;

function rowsOf(share: DeltaShare, paths: readonly AclPath[]): readonly Row[] {
  return reachedBy(share, paths).flatMap((path) => {
    const nodes = nodesOf(path);
    const here = changeAt(share.regions, nodes);
    const below = changeBelow(share.regions, nodes);
    if (here === below) return rowFor(path, true, here);
    return [...rowFor(path, false, here), ...rowFor(freshPathBelow(path), true, below)];
  });
}

function rowFor(path: AclPath, propagate: boolean, change: PrivilegeChange): readonly Row[] {
  if (change === noChange) return [];
  const { gained, lost, because } = change;
  return [{ path, propagate, gained, lost, because: because.map((cause) => wordCause(cause)) }];
}

/** The paths at which a region begins or that one reaches, sorted; the others need no look. */
function reachedBy({ regions }: DeltaShare, paths: readonly AclPath[]): readonly AclPath[] {
  const reached = new Set(regions.keys());
  for (const { path, below } of regions.values()) {
    if (below === noChange) continue;
    for (const inside of pathsBelow(paths, path)) reached.add(inside);
  }
  return sortedSet(reached);
}

/** Of sorted paths, those below one lie side by side. */
function pathsBelow(paths: readonly AclPath[], path: AclPath): readonly AclPath[] {
  if (path === root) return paths;
  // `0` is the character behind `/`.
  return paths.slice(firstFrom(paths, `${path}/`), firstFrom(paths, `${path}0`));
}

/** The index of the first path that does not sort before the text. */
function firstFrom(paths: readonly AclPath[], text: string): number {
  let [low, high] = [0, paths.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
