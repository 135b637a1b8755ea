// Pools: which should be there, each with its comment. settle-pool-members.ts decides what should be in them.

import type { Pool } from "../model/access-state.ts";
import type { DesiredPool } from "../model/desired.ts";
import type { PoolId } from "../model/ids.ts";
import { parentOf } from "../model/pool-paths.ts";
import { sortedBy } from "../support/compare.ts";
import { missing } from "./reference.ts";
import { settlePoolMembers } from "./settle-pool-members.ts";
import { changeKey, settleUndeclared, type Note, type Remarks, type Settling } from "./settling.ts";

type Pools = ReadonlyMap<PoolId, Pool>;

export function settlePools(settling: Settling, remarks: Remarks): Pools {
  const wanted = new Map(stayingPools(settling, remarks));
  // A pool sorts behind the one that it is in.
  for (const pool of sortedBy(settling.desired.pools.values(), ({ id }) => id)) {
    settlePool(pool, wanted, settling, remarks);
  }
  for (const id of wanted.keys()) holdParents(id, wanted, settling, remarks);
  return settlePoolMembers(wanted, settling, remarks);
}

/** Those that no manifest declares and that stay. */
function stayingPools(settling: Settling, remarks: Remarks): Pools {
  const { desired, live, ownership } = settling;
  return new Map(
    [...live.pools].filter(([id]) => {
      if (desired.pools.has(id)) return true;
      const standing = { inScope: ownership.poolInScope(id), stays: ownership.poolStays(id) };
      return settleUndeclared("Pool", { name: id, ...standing }, settling, remarks) === "stays";
    }),
  );
}

function settlePool(
  desired: DesiredPool,
  wanted: Map<PoolId, Pool>,
  settling: Settling,
  remarks: Remarks,
): void {
  const { id, ensure, source } = desired;
  const live = settling.live.pools.get(id);
  remarks.origins.set(changeKey("Pool", id), {
    reason: ensure === "absent" ? "absent" : "declared",
    source,
  });
  if (ensure === "ignored") return;
  if (ensure === "absent") {
    wanted.delete(id);
    return;
  }
  if (live) {
    const comment = desired.comment ?? live.comment;
    wanted.set(id, comment === live.comment ? live : { ...live, comment });
    return;
  }
  const refusal = refusalOf(desired, wanted, settling);
  if (refusal === undefined) {
    wanted.set(id, { id, comment: desired.comment ?? "", members: { vms: [], storages: [] } });
    return;
  }
  const parent = parentOf(id);
  const about = [id, ...(parent === undefined ? [] : [parent])].map((pool) => changeKey("Pool", pool));
  remarks.notes.push(...refusal.map((said) => ({ ...said, source, about })));
}

type Said = Pick<Note, "severity" | "code" | "message">;

/** What keeps a new pool from being made; empty where what keeps it is said of the pool that it is in. */
function refusalOf(
  { id }: DesiredPool,
  wanted: Pools,
  { desired, live, poolFeatures }: Settling,
): readonly Said[] | undefined {
  const parent = parentOf(id);
  if (parent !== undefined && !poolFeatures.nested) {
    return [notCreatable(`pool ${id} can't be made: this release has no pools in pools (8.1 brought them)`)];
  }
  if (poolFeatures.letterFirst && !/(?:^|\/)[A-Za-z][^/]*$/u.test(id)) {
    const why = "since release 9.0 the last level of a new pool's name begins with a letter";
    return [notCreatable(`pool ${id} can't be made: ${why}`)];
  }
  if (parent === undefined || wanted.has(parent)) return undefined;
  if (desired.pools.get(parent)?.ensure === "present") return [];
  return [missing(`pool ${parent}, which ${id} is in,`, { live: live.pools.has(parent), directory: false })];
}

function notCreatable(message: string): Said {
  return { severity: "error", code: "pool-not-creatable", message };
}

/** The server deletes no pool that another one is in: where that one stays, this one has to. */
function holdParents(id: PoolId, wanted: Pools, { desired, live }: Settling, remarks: Remarks): void {
  const parent = parentOf(id);
  if (parent === undefined || wanted.has(parent) || !live.pools.has(parent)) return;
  const key = changeKey("Pool", parent);
  const child = desired.pools.get(id);
  const source = child?.source ?? desired.pools.get(parent)?.source;
  const isReferred = child?.ensure === "present" && !desired.pools.has(parent);
  remarks.held.add(key);
  remarks.notes.push({
    ...(isReferred
      ? missing(`pool ${parent}, which ${id} is in,`, { live: true, directory: false })
      : {
          severity: "error",
          code: "pool-not-empty",
          message:
            `pool ${parent} can't be deleted while ${id}, which stays, is in it: ` +
            `declare ${id} absent too, or ${parent} as well`,
        }),
    ...(source && { source }),
    about: [key, changeKey("Pool", id)],
  });
}
