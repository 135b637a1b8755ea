// How the differences of pools hang together: what one is carried out with, or not at all.

import { parentOf } from "../model/pool-paths.ts";
import { getOrAdd } from "../support/maps.ts";
import { keyOf, type Difference } from "./diff.ts";
import { poolDrop, type Ends } from "./drops.ts";
import { changeKey, type ChangeKey } from "./settling.ts";

type PoolDifference = Extract<Difference, { kind: "Pool" }>;

/** By difference, the others that it needs, whether they are there or not. */
export function poolTies(
  differences: readonly Difference[],
  ends: Ends,
): ReadonlyMap<ChangeKey, readonly ChangeKey[]> {
  const ties = new Map<ChangeKey, ChangeKey[]>();
  const tie = (one: ChangeKey, other: ChangeKey): void => {
    getOrAdd(ties, one, () => []).push(other);
  };
  const pools = differences.filter((one): one is PoolDifference => one.kind === "Pool");
  tieMoves(pools, tie);
  for (const { before, after } of pools) {
    const parent = before && !after ? parentOf(before.id) : undefined;
    // A pool is deleted only after those that are in it.
    if (before && parent !== undefined && !ends.after.pools.has(parent))
      tie(changeKey("Pool", parent), changeKey("Pool", before.id));
  }
  for (const difference of differences) {
    if (difference.kind !== "ACL" || !difference.before) continue;
    // These entries go with the pool alone: where it stays, they do.
    const pool = poolDrop(difference.before.path, ends);
    if (pool !== undefined) tie(keyOf(difference), changeKey("Pool", pool));
  }
  return ties;
}

/** A guest that moves leaves one pool and comes into another: both, or neither. */
function tieMoves(pools: readonly PoolDifference[], tie: (one: ChangeKey, other: ChangeKey) => void): void {
  const left = new Map<number, ChangeKey>();
  for (const pool of pools) {
    const kept = new Set(pool.after?.members?.vms);
    for (const vm of pool.before?.members?.vms ?? []) if (!kept.has(vm)) left.set(vm, keyOf(pool));
  }
  for (const pool of pools) {
    const had = new Set(pool.before?.members?.vms);
    for (const vm of pool.after?.members?.vms ?? []) {
      const from = had.has(vm) ? undefined : left.get(vm);
      if (from === undefined) continue;
      tie(keyOf(pool), from);
      tie(from, keyOf(pool));
    }
  }
}
