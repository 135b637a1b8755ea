// A write to a pool, tried on a Trial.

import { nodesOf, root } from "../access/nodes.ts";
import { pathOfGuest, pathOfPool, pathOfStorage, pathsOfMembers } from "../model/pool-paths.ts";
import { undoAll, type Trial, type Undo } from "../access/trial.ts";
import type { AclPath, AuthId } from "../model/ids.ts";
import type { MembersWrite, Write } from "./plan.ts";

type PoolWrite = Extract<Write, { kind: "create-pool" | "update-pool" | "delete-pool" }>;

export function tryPoolWrite(trial: Trial, write: PoolWrite): Undo {
  switch (write.kind) {
    // A pool without members gives nobody anything.
    case "create-pool":
      return undoAll([]);
    case "update-pool":
      return write.members ? tryMembers(trial, pathOfPool(write.id), write.members) : undoAll([]);
    case "delete-pool":
      return trial.dropRowsBelow(pathOfPool(write.id));
  }
}

function tryMembers(trial: Trial, pool: AclPath, members: MembersWrite): Undo {
  if (members.way === "out") {
    return undoAll(
      pathsOfMembers(members).map((path) =>
        trial.setPools(
          path,
          trial.poolsOf(path).filter((one) => one !== pool),
        ),
      ),
    );
  }
  return undoAll([
    ...[...members.vms, ...members.moved.map(({ vm }) => vm)].map((vm) =>
      trial.setPools(pathOfGuest(vm), [pool]),
    ),
    ...members.storages
      .map(pathOfStorage)
      .map((path) => trial.setPools(path, [...new Set([...trial.poolsOf(path), pool])])),
  ]);
}

/**
 * Who can hold something else on a member: whoever has rows at the pool or between it and the root, and whoever has some
 * on the root and at the member or above it (watched-members.ts). A pool's deletion concerns those with rows at it.
 */
export function reachOfPool(trial: Trial, write: PoolWrite): readonly AuthId[] {
  switch (write.kind) {
    case "create-pool":
      return [];
    case "update-pool":
      return write.members ? reachOfMembers(trial, pathOfPool(write.id), write.members) : [];
    case "delete-pool":
      return trial.subjectsBelow(pathOfPool(write.id)).flatMap((subject) => trial.reachOf(subject));
  }
}

function reachOfMembers(trial: Trial, pool: AclPath, members: MembersWrite): readonly AuthId[] {
  const moved = members.way === "in" ? members.moved : [];
  const pools = [pool, ...moved.map(({ from }) => pathOfPool(from))];
  const places = [...pathsOfMembers(members), ...moved.map(({ vm }) => pathOfGuest(vm))];
  const atRoot = new Set(reachAt(trial, [root]));
  return [
    ...reachAt(trial, belowRoot(pools)),
    ...reachAt(trial, belowRoot(places)).filter((id) => atRoot.has(id)),
  ];
}

function reachAt(trial: Trial, paths: readonly AclPath[]): readonly AuthId[] {
  return paths.flatMap((path) => trial.holdersAt(path)).flatMap((subject) => trial.reachOf(subject));
}

function belowRoot(paths: readonly AclPath[]): readonly AclPath[] {
  return [...new Set(paths.flatMap(nodesOf))].filter((node) => node !== root);
}
