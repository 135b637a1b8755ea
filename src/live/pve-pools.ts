import type { Pool, PoolMembers } from "../model/access-state.ts";
import type { PoolId } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { fieldOf, idOf, listOf, malformed, requiredField, textOf, type Json } from "./decode.ts";

/** GET /pools: without members. */
export function poolsFrom(list: Json, product: Product): ReadonlyMap<PoolId, Pool> {
  const pools = listOf(list).map((row): Pool => ({
    id: idOf(requiredField(row, "poolid"), product.parsePoolId),
    comment: textOf(fieldOf(row, "comment")),
  }));
  return new Map(sortedBy(pools, (pool) => pool.id).map((pool) => [pool.id, pool]));
}

/** GET /pools?poolid=ID, which answers with a list of one, and GET /pools/ID. */
export function membersFrom(answer: Json, product: Product): PoolMembers {
  const pool = Array.isArray(answer.value) ? listOf(answer)[0] : answer;
  if (pool === undefined) throw malformed(answer, "a list of one pool");
  const members = listOfMembers(pool);
  const vms = members.flatMap((member) => guestIn(member, product));
  return {
    vms: [...new Set(vms)].sort((a, b) => a - b),
    // A storage may be listed once for each node.
    storages: sortedSet(members.flatMap((member) => storageIn(member, product))),
  };
}

function listOfMembers(pool: Json): readonly Json[] {
  const members = fieldOf(pool, "members");
  return members === undefined ? [] : listOf(members);
}

/** `qemu` or `lxc`, or whatever else has a guest's number. */
function guestIn(member: Json, product: Product): readonly number[] {
  const field = fieldOf(member, "vmid");
  if (field === undefined) return [];
  const vm = Number(textOf(field));
  if (!product.isGuestNumber(vm)) throw malformed(field, "a guest's number");
  return [vm];
}

function storageIn(member: Json, product: Product): readonly string[] {
  const field = fieldOf(member, "storage");
  return field === undefined ? [] : [idOf(field, product.parseStorage)];
}
