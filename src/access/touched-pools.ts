// Whom it touches that a guest or a storage comes into a pool, or leaves one.

import type { AclPath, SubjectKey } from "../model/ids.ts";
import { sortedSet, sameTexts } from "../support/compare.ts";
import type { AccessIndex } from "./lookup.ts";
import { nodesOf, root } from "./nodes.ts";

/**
 * A pool gives something new only where something stands at it or between it and the root, or where what stands on the
 * root has been replaced at the member or above it.
 */
export function touchedByPools(
  before: AccessIndex,
  after: AccessIndex,
  moved: readonly AclPath[],
): (keys: readonly SubjectKey[]) => boolean {
  if (moved.length === 0) return () => false;
  const pools = moved.flatMap((path) => [before, after].flatMap((index) => index.poolsOf.get(path) ?? []));
  const atPools = holdersAt([before, after], nodesBelowRoot(pools));
  const atMembers = holdersAt([before, after], nodesBelowRoot(moved));
  const atRoot = holdersAt([before, after], new Set([root]));
  return (keys) =>
    keys.some((key) => atPools.has(key)) ||
    (keys.some((key) => atRoot.has(key)) && keys.some((key) => atMembers.has(key)));
}

/** The guests and storages whose pools are not the same in both. */
export function movedMembers(before: AccessIndex, after: AccessIndex): readonly AclPath[] {
  const paths = new Set([...before.poolsOf.keys(), ...after.poolsOf.keys()]);
  const pools = (index: AccessIndex, path: AclPath): readonly AclPath[] =>
    sortedSet(index.poolsOf.get(path) ?? []);
  return [...paths].filter((path) => !sameTexts(pools(before, path), pools(after, path)));
}

function nodesBelowRoot(paths: readonly AclPath[]): ReadonlySet<AclPath> {
  return new Set(paths.flatMap(nodesOf).filter((node) => node !== root));
}

function holdersAt(indexes: readonly AccessIndex[], nodes: ReadonlySet<AclPath>): ReadonlySet<SubjectKey> {
  const holders = new Set<SubjectKey>();
  for (const { layers } of indexes) {
    for (const [key, ofSubject] of layers) {
      if ([...ofSubject.keys()].some((path) => nodes.has(path))) holders.add(key);
    }
  }
  return holders;
}
