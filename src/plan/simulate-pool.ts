// In: an access state and one write to a pool. Out: the access state that the server has afterwards.

import type { AccessState, Pool, PoolMembers } from "../model/access-state.ts";
import type { PoolId } from "../model/ids.ts";
import { pathOfPool } from "../model/pool-paths.ts";
import { sortedSet } from "../support/compare.ts";
import type { MembersWrite, Write } from "./plan.ts";

type PoolWrite = Extract<Write, { kind: "create-pool" | "update-pool" | "delete-pool" }>;

export function applyPoolWrite(state: AccessState, write: PoolWrite): AccessState {
  switch (write.kind) {
    case "create-pool": {
      const pool: Pool = { ...write.pool, members: noMembers };
      return { ...state, pools: new Map(state.pools).set(pool.id, pool) };
    }
    case "update-pool":
      return updatePool(state, write);
    case "delete-pool": {
      const path = pathOfPool(write.id);
      return {
        ...state,
        pools: new Map([...state.pools].filter(([id]) => id !== write.id)),
        acl: state.acl.filter((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`)),
      };
    }
  }
}

const noMembers: PoolMembers = { vms: [], storages: [] };

function updatePool(
  state: AccessState,
  { id, comment, members }: Extract<Write, { kind: "update-pool" }>,
): AccessState {
  const pool = state.pools.get(id);
  if (!pool) return state;
  const updated = new Map(state.pools).set(id, { ...pool, ...(comment !== undefined && { comment }) });
  return { ...state, pools: members ? withMembers(updated, id, members) : updated };
}

/** A guest is in one pool at most, so whoever puts it into one takes it out of any other. */
function withMembers(pools: AccessState["pools"], id: PoolId, write: MembersWrite): AccessState["pools"] {
  const vms = new Set(write.way === "in" ? [...write.vms, ...write.moved.map(({ vm }) => vm)] : write.vms);
  const storages = new Set(write.storages);
  const changed = new Map(pools);
  for (const pool of pools.values()) {
    const { members = noMembers } = pool;
    const isTarget = pool.id === id;
    if (!isTarget && !(write.way === "in" && members.vms.some((vm) => vms.has(vm)))) continue;
    const left = {
      vms: members.vms.filter((vm) => !vms.has(vm)),
      storages: isTarget ? members.storages.filter((name) => !storages.has(name)) : members.storages,
    };
    const joined = isTarget && write.way === "in";
    changed.set(pool.id, {
      ...pool,
      members: joined
        ? {
            vms: [...left.vms, ...vms].sort((a, b) => a - b),
            storages: sortedSet([...left.storages, ...storages]),
          }
        : left,
    } satisfies Pool);
  }
  return changed;
}
