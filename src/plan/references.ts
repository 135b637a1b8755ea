// What a write brings about, and what must have come about for the server to take it.

import { ownerOf, realmOf, subjectKey, type PoolId, type RealmId } from "../model/ids.ts";
import { parentOf } from "../model/pool-paths.ts";
import type { Write } from "./plan.ts";

/** As `user:…`, `group:…`, `token:…`, `role:…`, `pool:…`, `realm:…`, or in words where it is no object. */
export function introducedBy(write: Write): readonly string[] {
  switch (write.kind) {
    case "create-user":
      return [`user:${write.user.id}`];
    case "create-group":
      return [`group:${write.group.id}`];
    case "create-role":
      return [`role:${write.role.id}`];
    case "create-token":
      return [`token:${write.token.id}`];
    case "create-pool":
      return [poolKey(write.pool.id)];
    case "update-pool":
      return emptiedBy(write);
    case "delete-pool":
      return childOf(write.id);
    case "create-realm":
      return [realmKey(write.realm.id)];
    case "delete-user":
      return [vacating(realmOf(write.id))];
    case "delete-sync-job":
      return [vacating(write.realm)];
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "update-user":
    case "set-password":
    case "update-group":
    case "delete-group":
    case "update-role":
    case "delete-role":
    case "grant":
    case "revoke":
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [];
  }
}

export function refersTo(write: Write): readonly string[] {
  switch (write.kind) {
    case "create-user":
      return [...write.groups.map((group) => `group:${group}`), realmKey(realmOf(write.user.id))];
    case "delete-realm":
      return [vacating(write.id)];
    case "create-sync-job":
    case "update-sync-job":
      return [realmKey(write.realm)];
    case "update-user":
      return [`user:${write.id}`, ...(write.groups ?? []).map((group) => `group:${group}`)];
    case "grant":
    case "revoke":
      return [...write.roles.map((role) => `role:${role}`), ...write.subjects.map(subjectKey)];
    case "create-token":
      return [`user:${ownerOf(write.token.id)}`];
    case "set-password":
      return [];
    case "create-pool": {
      const parent = parentOf(write.pool.id);
      return parent === undefined ? [] : [poolKey(parent)];
    }
    case "update-pool":
      return [poolKey(write.id), ...(write.members?.way === "in" ? write.members.vms.map(leaving) : [])];
    case "delete-pool":
      return [emptying(write.id)];
    case "create-realm":
    case "update-realm":
    case "delete-sync-job":
    case "delete-user":
    case "create-group":
    case "update-group":
    case "delete-group":
    case "create-role":
    case "update-role":
    case "delete-role":
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [];
  }
}

type PoolUpdate = Extract<Write, { kind: "update-pool" }>;

/** A pool is deleted when nothing is left in it, and a guest comes in by a plain write when it is in no other one. */
function emptiedBy({ id, members }: PoolUpdate): readonly string[] {
  if (members === undefined) return [];
  return members.way === "out"
    ? [emptying(id), ...members.vms.map(leaving)]
    : [...new Set(members.moved.map(({ from }) => emptying(from)))];
}

function childOf(id: PoolId): readonly string[] {
  const parent = parentOf(id);
  return parent === undefined ? [] : [emptying(parent)];
}

export function poolKey(id: PoolId): string {
  return `pool:${id}`;
}

export function realmKey(id: RealmId): string {
  return `realm:${id}`;
}

/** A realm is deleted when those are gone who would be left without one, and what would ask it. */
function vacating(id: RealmId): string {
  return `the end of what is of realm:${id}`;
}

function emptying(id: PoolId): string {
  return `the emptying of pool:${id}`;
}

function leaving(vm: number): string {
  return `guest ${vm} leaving its pool`;
}
