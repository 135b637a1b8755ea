// A pool's update that the server refuses for a member that is as wanted already: stored, and hidden since there is no
// such guest or storage. A request is taken whole or not at all, so the others are sent without it.

import type { PoolMembers } from "../model/access-state.ts";
import type { MembersWrite, Operation } from "../plan/plan.ts";
import type { ApiError } from "../proxmox/api-error.ts";
import { memberAsWanted } from "../proxmox/known-words.ts";

/** What is left to send; `nothing` where the refused member was all; undefined where the refusal is another one. */
export function withoutSettled(operation: Operation, error: ApiError): Operation | "nothing" | undefined {
  if (operation.kind !== "update-pool" || operation.members === undefined) return undefined;
  const { members, ...rest } = operation;
  const settled = memberAsWanted(error, members.way);
  if (settled === undefined) return undefined;
  const left = withoutMember(members, settled);
  if (countOf(left) === countOf(members)) return undefined;
  if (countOf(left) > 0) return { ...rest, members: left };
  return rest.comment === undefined ? "nothing" : rest;
}

function withoutMember(
  members: MembersWrite,
  settled: { readonly vm: number } | { readonly storage: string },
): MembersWrite {
  const left: PoolMembers = {
    vms: members.vms.filter((vm) => !("vm" in settled && settled.vm === vm)),
    storages: members.storages.filter((name) => !("storage" in settled && settled.storage === name)),
  };
  if (members.way === "out") return { way: "out", ...left };
  return {
    way: "in",
    ...left,
    moved: members.moved.filter(({ vm }) => !("vm" in settled && settled.vm === vm)),
  };
}

function countOf(members: MembersWrite): number {
  return members.vms.length + members.storages.length + (members.way === "in" ? members.moved.length : 0);
}
