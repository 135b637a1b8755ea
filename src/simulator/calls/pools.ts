// /pools: reading.

import type { PoolId } from "../../model/ids.ts";
import { sortedBy } from "../../support/compare.ts";
import type { CfgPool } from "../../usercfg/user-cfg.ts";
import { hasAny } from "../privileges.ts";
import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";
import { poolIdFormat } from "../parameters/formats.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import type { Profile } from "../profile.ts";
import { failure } from "../refusal.ts";
import { optional, type ParameterSchema, type Parameters } from "../parameters/schema.ts";

export const poolParameter: ParameterSchema = { type: "string", format: poolIdFormat };
const memberType: ParameterSchema = { type: "string", optional: true, values: ["qemu", "lxc", "storage"] };

export function poolReads({ pools }: Profile): readonly Endpoint[] {
  return [
    {
      method: "GET",
      path: "/pools",
      permission: { kind: "all" },
      parameters: pools.nested
        ? { poolid: optional(poolParameter), type: { ...memberType, requires: "poolid" } }
        : {},
      run: (call) => (call.parameters.has("poolid") ? [onePool(call)] : listPools(call)),
    },
    {
      method: "GET",
      path: "/pools/{poolid}",
      permission: { kind: "privileges", path: "/pool/{poolid}", privileges: ["Pool.Audit"] },
      parameters: { poolid: poolParameter, type: memberType },
      run: onePool,
    },
  ];
}

function listPools(call: Call): Json {
  const caller = callerOf(call);
  return sortedBy(call.host.userCfg.read().pools, ([id]) => id)
    .filter(([id]) => hasAny(call.host, caller, { path: `/pool/${id}`, privileges: ["Pool.Audit"] }))
    .map(([id, { comment }]) => ({ poolid: id, comment }));
}

/** Who asks for one pool by the query gets it, whatever they may see. */
function onePool(call: Call): { readonly [key: string]: Json | undefined } {
  const { host, parameters } = call;
  const pool = existingPool(host, poolIdOf(parameters));
  const type = parameters.get("type");
  return {
    poolid: poolIdOf(parameters),
    comment: pool.comment,
    members: [
      ...(type === undefined || type === "qemu" ? guestsOf(host, pool) : []),
      ...(type === undefined || type === "storage" ? storagesOf(host, pool) : []),
    ],
  };
}

/** Members that the node does not have are stored, but not shown. */
function guestsOf(host: Host, { vms }: CfgPool): Json[] {
  return [...vms]
    .filter((vm) => host.guests.has(vm))
    .sort((a, b) => a - b)
    .map((vm) => ({ id: `qemu/${vm}`, type: "qemu", vmid: vm, node: "vm", status: "unknown" }));
}

function storagesOf(host: Host, { storages }: CfgPool): Json[] {
  return [...storages]
    .filter((name) => host.storages.includes(name))
    .sort()
    .map((name) => ({
      id: `storage/vm/${name}`,
      type: "storage",
      storage: name,
      node: "vm",
      status: "unknown",
      shared: 0,
      ...storageKind(name),
    }));
}

/** As the installer sets them up; any other one is a folder like `local`. */
function storageKind(name: string): Readonly<Record<string, string>> {
  return name === "local-lvm"
    ? { content: "images,rootdir", plugintype: "lvmthin" }
    : { content: "backup,iso,vztmpl", plugintype: "dir" };
}

export function existingPool(host: Host, id: PoolId): CfgPool {
  const pool = host.userCfg.read().pools.get(id);
  if (pool === undefined) throw failure(`pool '${id}' does not exist`);
  return pool;
}

export function poolIdOf(parameters: Parameters): PoolId {
  // Proof: the parameter was verified to have the format of a pool's id.
  return required(parameters, "poolid") as PoolId;
}
