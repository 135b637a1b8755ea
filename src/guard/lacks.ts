// What each endpoint checks, and what somebody lacks for it (libpve-access-control 9.1.1; recordings limited-* in
// test/contract).

import { ownerOf, realmOf, type RoleId, type UserId } from "../model/ids.ts";
import type { Operation } from "../plan/plan.ts";

/** A privilege on a path, as `Sys.Modify on /access`. */
export type Lack = string;

/** Somebody at one moment of a plan. */
export interface Standing {
  readonly has: (privilege: string, path: string) => boolean;
  readonly groupsOf: (user: UserId) => readonly string[];
  readonly privilegesOf: (role: RoleId) => readonly string[];
  /** Whether there are pools, which may bring privileges that are not known here. */
  readonly seesPools: boolean;
}

/** What the caller lacks for one operation as things stand. */
export function lacksOf(operation: Operation, caller: Standing): readonly Lack[] {
  switch (operation.kind) {
    case "create-user":
      return [...realmLacks(operation.user.id, caller), ...newUserLacks(operation.groups, caller)];
    case "update-user":
      // Without groups in the request, an administrator of some groups is refused.
      if (!operation.groups) return lacking(caller, "User.Modify", "/access/groups");
      return userLacks(operation.id, operation.groups, caller);
    case "set-password":
    case "delete-user":
      return [...realmLacks(operation.id, caller), ...userLacks(operation.id, [], caller)];
    case "create-group":
    case "update-group":
    case "delete-group":
      return lacking(caller, "Group.Allocate", "/access/groups");
    case "create-role":
    case "update-role":
    case "delete-role":
      return lacking(caller, "Sys.Modify", "/access");
    case "grant":
    case "revoke":
      return aclLacks(operation.path, operation.roles, caller);
    case "create-token":
      return userLacks(ownerOf(operation.token.id), [], caller);
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return userLacks(ownerOf(operation.id), [], caller);
  }
}

function lacking(caller: Standing, privilege: string, path: string): readonly Lack[] {
  return caller.has(privilege, path) ? [] : [`${privilege} on ${path}`];
}

function realmLacks(user: UserId, caller: Standing): readonly Lack[] {
  return lacking(caller, "Realm.AllocateUser", `/access/realm/${realmOf(user)}`);
}

function newUserLacks(groups: readonly string[], caller: Standing): readonly Lack[] {
  if (groups.length === 0) return lacking(caller, "User.Modify", "/access/groups");
  return groups.flatMap((group) => lacking(caller, "User.Modify", `/access/groups/${group}`));
}

/** User.Modify on all groups, or on one that the user is in and on every one that it is put into. */
function userLacks(user: UserId, joined: readonly string[], caller: Standing): readonly Lack[] {
  const mayModify = (group: string): boolean => caller.has("User.Modify", `/access/groups/${group}`);
  if (caller.has("User.Modify", "/access/groups")) return [];
  const isInOne = caller.groupsOf(user).some(mayModify);
  return isInOne && joined.every(mayModify) ? [] : ["User.Modify on /access/groups"];
}

/** Without Permissions.Modify, who may allocate an object may pass on what he has there himself (since 8.0). */
function aclLacks(path: string, roles: readonly RoleId[], caller: Standing): readonly Lack[] {
  if (caller.has("Permissions.Modify", path)) return [];
  const [, place, object] = /^\/(storage|vms|pool)\/(.+)$/u.exec(path) ?? [];
  const allocate = { storage: "Datastore.Allocate", vms: "VM.Allocate", pool: "Pool.Allocate" }[place ?? ""];
  const isOwn = (role: RoleId): boolean => {
    const privileges = caller.privilegesOf(role);
    return privileges.length > 0 && privileges.every((privilege) => caller.has(privilege, path));
  };
  // A pool may bring the privilege, and its members are not read.
  if (object !== undefined && place !== "pool" && caller.seesPools) return [];
  const mayPassOn =
    object !== undefined && allocate !== undefined && caller.has(allocate, path) && roles.every(isOwn);
  return mayPassOn ? [] : [`Permissions.Modify on ${path}`];
}
