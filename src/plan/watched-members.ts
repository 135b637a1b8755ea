// In: both ends of a plan. Out: the guests and storages where pools can make a difference for somebody, by the paths of
// the rows that count for it. Must not know: writes, what is held.
//
// A pool gives its members nothing that they don't have unless something stands for somebody at the pool or between it
// and the root, or unless what stands on the root is replaced at the member or above it (access/pool-paths.ts has the
// places). Members that are in the same pools all along, and have no rows of their own, are alike: one is watched.

import { poolsOfMembers } from "../access/lookup.ts";
import { nodesOf, root } from "../access/nodes.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AclPath } from "../model/ids.ts";
import { sameTexts } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import { getOrAdd } from "../support/maps.ts";

export type Watched = (rows: ReadonlySet<AclPath>) => readonly AclPath[];

/** Members that are alike, and where rows make them worth a look. */
interface Alike {
  readonly members: readonly AclPath[];
  /** The pools' own paths, and those between them and the root. */
  readonly nodes: readonly AclPath[];
  /** `/vms` or `/storage`. */
  readonly above: readonly AclPath[];
}

export function watchMembers(before: AccessState, after: AccessState): Watched {
  const alike = alikeMembers(poolsOfMembers(before), poolsOfMembers(after));
  const byNode = groupedBy(alike, ({ nodes }) => nodes);
  const byAbove = groupedBy(alike, ({ above }) => above);
  return (rows) => {
    const found = [...rows].flatMap((row) => [
      ...(byNode.get(row) ?? []),
      ...(rows.has(root) ? (byAbove.get(row) ?? []) : []),
    ]);
    // Who has rows at a member itself watches it for these.
    return [...new Set(found)].flatMap(({ members }) => members.find((member) => !rows.has(member)) ?? []);
  };
}

function groupedBy(
  alike: readonly Alike[],
  pathsOf: (one: Alike) => readonly AclPath[],
): ReadonlyMap<AclPath, readonly Alike[]> {
  const groups = new Map<AclPath, Alike[]>();
  for (const one of alike) for (const path of pathsOf(one)) getOrAdd(groups, path, () => []).push(one);
  return groups;
}

type PoolsOf = ReadonlyMap<AclPath, readonly AclPath[]>;

function alikeMembers(before: PoolsOf, after: PoolsOf): readonly Alike[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const ofBoth = (path: AclPath): readonly (readonly AclPath[])[] => [
    [...(before.get(path) ?? [])].sort(),
    [...(after.get(path) ?? [])].sort(),
  ];
  const keyOf = (path: AclPath): string => {
    const [was = [], is = []] = ofBoth(path);
    // One that moves is watched by itself: it may do so before the others.
    return sameTexts(was, is) ? `${belowRoot(path)[1] ?? ""} ${was.join(" ")}` : path;
  };
  return [...groupBy(paths, keyOf).values()].map((members) => {
    const [first] = members;
    const pools = first === undefined ? [] : ofBoth(first).flat();
    return {
      members,
      nodes: [...new Set(pools.flatMap(belowRoot))],
      above: first === undefined ? [] : belowRoot(first).slice(1),
    };
  });
}

function belowRoot(path: AclPath): readonly AclPath[] {
  return nodesOf(path).filter((node) => node !== root);
}
