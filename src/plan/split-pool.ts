// A pool's update that is not clean as a whole, in parts: some of its members; and a guest that leaves its pool first and
// comes into the other one later.

import { pathOfGuest, pathOfStorage } from "../model/pool-paths.ts";
import type { AclPath } from "../model/ids.ts";
import type { MembersWrite, Operation } from "./plan.ts";
import type { Proof } from "./proof.ts";

type PoolUpdate = Extract<Operation, { kind: "update-pool" }>;
interface Part {
  readonly part: Operation;
  readonly rest: readonly (readonly Operation[])[];
}

export function partsOfPool(operation: PoolUpdate, proof: Proof): readonly Part[] {
  const { members } = operation;
  if (members === undefined) return [];
  return [...byMember(operation, members, proof), ...movesInTwo(operation, members)];
}

/** All members whose own part is clean, together, then each alone. */
function byMember(operation: PoolUpdate, members: MembersWrite, proof: Proof): readonly Part[] {
  const all = pathsIn(members);
  if (all.length < 2) return [];
  const clean = all.filter((path) => isClean(restricted(operation, members, [path]), proof));
  if (clean.length === 0) return [];
  const groups = clean.length === 1 ? [clean] : [clean, ...clean.map((path) => [path])];
  return groups.map((group) => {
    const left = all.filter((path) => !group.includes(path));
    return {
      part: restricted(operation, members, group),
      rest: left.length === 0 ? [] : [[restricted(withoutComment(operation), members, left)]],
    };
  });
}

function isClean(part: Operation, proof: Proof): boolean {
  const { violations, undo } = proof.attempt(part);
  undo();
  return violations.length === 0;
}

/** In between it is in no pool: clean where nobody holds on it, by its pools, the same at both ends. */
function movesInTwo(operation: PoolUpdate, members: MembersWrite): readonly Part[] {
  if (members.way !== "in") return [];
  const { features, changes } = operation;
  return members.moved.map(({ vm, from }) => ({
    part: {
      kind: "update-pool",
      id: from,
      features,
      members: { way: "out", vms: [vm], storages: [] },
      changes,
    },
    rest: [
      [
        {
          ...operation,
          members: {
            ...members,
            vms: [...members.vms, vm].sort((a, b) => a - b),
            moved: members.moved.filter((one) => one.vm !== vm),
          },
        },
      ],
    ],
  }));
}

function pathsIn(members: MembersWrite): readonly AclPath[] {
  const moved = members.way === "in" ? members.moved : [];
  return [
    ...[...members.vms, ...moved.map(({ vm }) => vm)].map(pathOfGuest),
    ...members.storages.map(pathOfStorage),
  ];
}

function withoutComment({ kind, id, members, features, changes }: PoolUpdate): PoolUpdate {
  return { kind, id, features, changes, ...(members && { members }) };
}

/** The update for some of its members. */
function restricted(operation: PoolUpdate, members: MembersWrite, paths: readonly AclPath[]): PoolUpdate {
  const chosen = new Set(paths);
  const some = {
    vms: members.vms.filter((vm) => chosen.has(pathOfGuest(vm))),
    storages: members.storages.filter((name) => chosen.has(pathOfStorage(name))),
  };
  return {
    ...operation,
    members:
      members.way === "in"
        ? { way: "in", ...some, moved: members.moved.filter(({ vm }) => chosen.has(pathOfGuest(vm))) }
        : { way: "out", ...some },
  };
}
