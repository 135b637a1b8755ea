// In: a write to a pool. Out: the request that does it. Must not know: how it is sent. Source: pve-manager 7 to 9.2.

import type { PoolId } from "../model/ids.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import type { MembersWrite, RequestShape, Write } from "./plan.ts";

export function poolRequestFor(
  write: Extract<Write, { kind: "create-pool" | "update-pool" | "delete-pool" }>,
): RequestShape {
  switch (write.kind) {
    case "create-pool": {
      const { id, comment } = write.pool;
      return {
        method: "POST",
        path: "/pools",
        parameters: { poolid: id, ...(comment !== "" && { comment }) },
      };
    }
    case "update-pool":
      return {
        method: "PUT",
        ...addressed(write.id, write.features, {
          ...(write.comment !== undefined && { comment: write.comment }),
          ...(write.members && memberParameters(write.members, write.features)),
        }),
      };
    case "delete-pool":
      return { method: "DELETE", ...addressed(write.id, write.features, {}) };
  }
}

/** A slash can't be told in a path, so the id is a parameter wherever the server takes it so. */
function addressed(
  id: PoolId,
  { nested }: PoolFeatures,
  parameters: Readonly<Record<string, string>>,
): Pick<RequestShape, "path" | "parameters"> {
  return nested
    ? { path: "/pools", parameters: { poolid: id, ...parameters } }
    : { path: `/pools/${encodeURIComponent(id)}`, parameters };
}

function memberParameters(members: MembersWrite, { move }: PoolFeatures): Record<string, string> {
  const moved = members.way === "in" ? members.moved : [];
  const vms = [...members.vms, ...moved.map(({ vm }) => vm)].sort((a, b) => a - b);
  return {
    ...(vms.length > 0 && { vms: vms.join(",") }),
    ...(members.storages.length > 0 && { storage: members.storages.join(",") }),
    ...(members.way === "out" && { delete: "1" }),
    ...(moved.length > 0 && move !== undefined && { [move]: "1" }),
  };
}
