// /pools: writing.

import type { PoolId } from "../../model/ids.ts";
import type { CfgPool, UserCfg } from "../../usercfg/user-cfg.ts";
import { withoutTree } from "./acl-edit.ts";
import { modifyingPrivileges, requireAll, requireAny } from "../privileges.ts";
import { callerOf, type Call, type Endpoint, type Method, type Permission } from "./endpoint.ts";
import { guestIdFormat, storageIdFormat } from "../parameters/formats.ts";
import type { Host } from "../host.ts";
import { existingPool, poolIdOf, poolParameter } from "./pools.ts";
import type { Profile } from "../profile.ts";
import { underLock } from "../locks.ts";
import { failure } from "../refusal.ts";
import { isSet, isTrue, splitList, type ParameterSchema, type ParameterTable } from "../parameters/schema.ts";

const allocate: Permission = { kind: "privileges", path: "/pool/{poolid}", privileges: ["Pool.Allocate"] };
const flag: ParameterSchema = { type: "boolean", optional: true };
const comment: ParameterSchema = { type: "string", optional: true };

function updateParameters({ move }: Profile["pools"]): ParameterTable {
  return {
    ...(move !== undefined && { [move]: flag }),
    comment,
    delete: flag,
    poolid: poolParameter,
    storage: { type: "string", optional: true, format: storageIdFormat, list: true },
    vms: { type: "string", optional: true, format: guestIdFormat, list: true },
  };
}

/** Old clients put the pool's id into the path, where nested ones can't be named; old servers know nothing else. */
export function poolWrites({ pools }: Profile): readonly Endpoint[] {
  return [
    endpoint("POST", "/pools", { parameters: { comment, poolid: poolParameter }, run: createPool }),
    ...["/pools", "/pools/{poolid}"]
      .slice(pools.nested ? 0 : 1)
      .flatMap((path) => [
        endpoint("PUT", path, { parameters: updateParameters(pools), run: updatePool }),
        endpoint("DELETE", path, { parameters: { poolid: poolParameter }, run: deletePool }),
      ]),
  ];
}

function endpoint(method: Method, path: string, rest: Pick<Endpoint, "parameters" | "run">): Endpoint {
  return { method, path, permission: allocate, forwarded: true, ...rest };
}

function createPool({ host, parameters }: Call): null {
  return underLock(host, "create pool failed", () => {
    const id = poolIdOf(parameters);
    const { pools } = host.userCfg.read();
    if (pools.has(id)) throw failure(`pool '${id}' already exists`);
    const [, parent, leaf = id] = /^(.*)\/([^/]+)$/u.exec(id) ?? [];
    if (parent !== undefined && ![...pools.keys()].some((other) => other === parent))
      throw failure(`parent '${parent}' of pool '${id}' does not exist`);
    if (parent !== undefined && !host.profile.pools.nested)
      throw failure(`pool name '${id}' contains invalid characters`);
    if (host.profile.pools.letterFirst && !/^[A-Za-z]/u.test(leaf))
      throw failure("pool name must start with a letter");
    const text = parameters.get("comment");
    const pool: CfgPool = { vms: new Set(), storages: new Set(), ...(isTrue(text) && { comment: text }) };
    return writePools(host, new Map([...pools, [id, pool] as const]));
  });
}

function updatePool(call: Call): null {
  const { host, parameters } = call;
  return underLock(host, "update pools failed", () => {
    const id = poolIdOf(parameters);
    const before = existingPool(host, id);
    const text = parameters.get("comment");
    const pool = { ...before, ...(text !== undefined && { comment: text }) };
    const moved = isSet(parameters, "delete")
      ? withoutMembers(call, host.userCfg.read().pools, pool)
      : withMembers(call, host.userCfg.read().pools, pool);
    return writePools(host, moved);
  });
}

type Pools = UserCfg["pools"];

function withoutMembers(call: Call, pools: Pools, pool: CfgPool): Pools {
  const { vms, storages } = membersIn(call);
  const left = { vms: new Set(pool.vms), storages: new Set(pool.storages) };
  for (const vm of vms) {
    requireModify(call, `/vms/${vm}`);
    if (!left.vms.delete(vm)) throw failure(`VM ${vm} is not a pool member`);
  }
  for (const name of storages) {
    requireModify(call, `/storage/${name}`);
    if (!left.storages.delete(name)) throw failure(`Storage '${name}' is not a pool member`);
  }
  return new Map([...pools, [poolIdOf(call.parameters), { ...pool, ...left }] as const]);
}

function withMembers(call: Call, pools: Pools, pool: CfgPool): Pools {
  const { vms, storages } = membersIn(call);
  const others = new Map(pools);
  const all = { vms: new Set(pool.vms), storages: new Set(pool.storages) };
  for (const vm of vms) {
    requireModify(call, `/vms/${vm}`);
    if (all.vms.has(vm)) throw failure(`VM ${vm} is already a pool member`);
    takeFromOther(call, others, vm);
    all.vms.add(vm);
  }
  for (const name of storages) {
    requireModify(call, `/storage/${name}`);
    if (all.storages.has(name)) throw failure(`Storage '${name}' is already a pool member`);
    all.storages.add(name);
  }
  return others.set(poolIdOf(call.parameters), { ...pool, ...all });
}

/** A guest is in one pool at most; storages are in any number. */
function takeFromOther(call: Call, pools: Map<PoolId, CfgPool>, vm: number): void {
  const [other, pool] = [...pools].find(([, { vms }]) => vms.has(vm)) ?? [];
  if (other === undefined || pool === undefined) return;
  const { move } = call.host.profile.pools;
  if (move === undefined) throw failure(`VM ${vm} belongs already to pool '${other}'`);
  if (!isSet(call.parameters, move))
    throw failure(`VM ${vm} belongs already to pool '${other}' and '${move}' is not set`);
  requireAll(call.host, callerOf(call), { path: `/pool/${other}`, privileges: ["Pool.Allocate"] });
  pools.set(other, { ...pool, vms: new Set([...pool.vms].filter((member) => member !== vm)) });
}

function membersIn({ parameters }: Call): {
  readonly vms: readonly number[];
  readonly storages: readonly string[];
} {
  return {
    vms: splitList(parameters.get("vms")).map(Number),
    storages: splitList(parameters.get("storage")),
  };
}

/** Whoever moves an object between pools changes who may use it. */
function requireModify(call: Call, path: string): void {
  requireAny(call.host, callerOf(call), { path, privileges: modifyingPrivileges(path) });
}

/** Only an empty pool goes, and its entries with it; members that do not exist don't count. */
function deletePool({ host, parameters }: Call): null {
  return underLock(host, "delete pool failed", () => {
    const id = poolIdOf(parameters);
    const pool = existingPool(host, id);
    const cfg = host.userCfg.read();
    const within = (what: string): Error => failure(`pool '${id}' is not empty (contains ${what})`);
    const child = [...cfg.pools.keys()].sort().find((other) => other.startsWith(`${id}/`));
    if (child !== undefined) throw within(`pool '${child}'`);
    const vm = [...pool.vms].find((member) => host.guests.has(member));
    if (vm !== undefined) throw within(`VM ${vm}`);
    const storage = [...pool.storages].find((name) => host.storages.includes(name));
    if (storage !== undefined) throw within(`storage '${storage}'`);
    const pools = new Map([...cfg.pools].filter(([other]) => other !== id));
    host.userCfg.write({ ...cfg, pools, acl: withoutTree(cfg.acl, `/pool/${id}`) });
    return null;
  });
}

function writePools(host: Host, pools: Pools): null {
  host.userCfg.write({ ...host.userCfg.read(), pools });
  return null;
}
