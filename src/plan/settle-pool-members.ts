// What should be in which pool. `vms` and `storages` of a manifest decide for its pool; a guest is in one pool at most, so
// putting it into one takes it out of another.

import type { Pool, PoolMembers } from "../model/access-state.ts";
import type { DesiredPool } from "../model/desired.ts";
import type { AclPath, PoolId } from "../model/ids.ts";
import { pathOfGuest, pathOfStorage } from "../model/pool-paths.ts";
import { sameTexts, sortedSet } from "../support/compare.ts";
import { changeKey, type Note, type Remarks, type Settling } from "./settling.ts";

type Pools = ReadonlyMap<PoolId, Pool>;

interface Frame {
  readonly settling: Settling;
  readonly remarks: Remarks;
  readonly wanted: Pools;
  /** The pool that lists a guest now. */
  readonly poolOf: ReadonlyMap<number, PoolId>;
}

export function settlePoolMembers(wanted: Pools, settling: Settling, remarks: Remarks): Pools {
  const poolOf = new Map(
    [...settling.live.pools.values()].flatMap(({ id, members }) =>
      (members?.vms ?? []).map((vm) => [vm, id] as const),
    ),
  );
  const frame: Frame = { settling, remarks, wanted, poolOf };
  const claims = new Map<number, PoolId>();
  for (const { id, vms } of declaredIn(frame)) {
    for (const vm of vms ?? []) if (mayComeIn(vm, id, frame)) claims.set(vm, id);
  }
  return new Map([...wanted].map(([id, pool]) => [id, withMembers(pool, claims, frame)]));
}

/** The pools that a manifest decides of and that will be there. */
function declaredIn({ settling, wanted }: Frame): readonly DesiredPool[] {
  return [...settling.desired.pools.values()].filter(
    ({ id, ensure }) => ensure === "present" && wanted.has(id),
  );
}

/** A guest is taken only out of a pool that the manifests declare too, or that is about to go (docs/decisions/012). */
function mayComeIn(vm: number, pool: PoolId, frame: Frame): boolean {
  const { settling, remarks, wanted, poolOf } = frame;
  const from = poolOf.get(vm);
  if (from === pool) return true;
  if (from === undefined) return isReadable(pathOfGuest(vm), `guest ${vm}`, pool, frame);
  const declared = settling.desired.pools.get(from);
  const isOurs = declared === undefined ? !wanted.has(from) : declared.ensure !== "ignored";
  if (!isOurs) remarks.notes.push(keptElsewhere(vm, { pool, from }, settling));
  return isOurs;
}

function keptElsewhere(
  vm: number,
  { pool, from }: { readonly pool: PoolId; readonly from: PoolId },
  { desired, ownership }: Settling,
): Note {
  const undeclared = ownership.poolInScope(from) ? "which no manifest declares" : "which is out of scope";
  const why = desired.pools.has(from) ? "whose manifest leaves it alone" : undeclared;
  const source = desired.pools.get(pool)?.source;
  return {
    severity: "error",
    code: "guest-in-other-pool",
    message:
      `guest ${vm} should be in pool ${pool} and is in pool ${from}, ${why}; a guest is in one pool at most: ` +
      `declare pool ${from} too, or take the guest out of it by hand`,
    ...(source && { source }),
    about: [changeKey("Pool", pool)],
  };
}

/** What is stored and hidden is no change: it can be neither seen nor added again. */
function isReadable(
  path: AclPath,
  what: string,
  pool: PoolId,
  { settling: { hiddenMembers, desired }, remarks }: Frame,
): boolean {
  if (!hiddenMembers.has(path)) return true;
  const source = desired.pools.get(pool)?.source;
  remarks.notes.push({
    severity: "warning",
    code: "member-unreadable",
    message:
      `${what} should be in pool ${pool}; the server has it in a pool, but does not show in which, since there is no ` +
      "such object: it is left as it is until there is",
    ...(source && { source }),
    about: [changeKey("Pool", pool)],
  });
  return false;
}

function withMembers(pool: Pool, claims: ReadonlyMap<number, PoolId>, frame: Frame): Pool {
  const { members } = pool;
  if (members === undefined) return pool;
  const desired = frame.settling.desired.pools.get(pool.id);
  const declared = desired?.ensure === "present" ? desired : undefined;
  const vms = [
    ...(declared?.vms === undefined ? members.vms : []).filter(
      (vm) => (claims.get(vm) ?? pool.id) === pool.id,
    ),
    ...(declared?.vms ?? []).filter((vm) => claims.get(vm) === pool.id),
  ];
  const next: PoolMembers = {
    vms: [...new Set(vms)].sort((a, b) => a - b),
    storages: declared?.storages === undefined ? members.storages : storagesOf(declared, members, frame),
  };
  return isSameMembers(members, next) ? pool : { ...pool, members: next };
}

function storagesOf({ id, storages = [] }: DesiredPool, live: PoolMembers, frame: Frame): readonly string[] {
  const has = new Set(live.storages);
  return sortedSet(
    storages.filter((name) => has.has(name) || isReadable(pathOfStorage(name), `storage ${name}`, id, frame)),
  );
}

function isSameMembers(a: PoolMembers, b: PoolMembers): boolean {
  return sameTexts(a.vms.map(String), b.vms.map(String)) && sameTexts(a.storages, b.storages);
}
