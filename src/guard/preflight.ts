// Which privileges the operations need, and which of them the caller lacks: a 403 half-way is found before the first
// write. Source: what each endpoint checks (libpve-access-control 9.1.1; recordings limited-* in test/contract).

import { effectivePrivileges } from "../access/effective.ts";
import { indexAccess } from "../access/lookup.ts";
import type { Privileges } from "../access/standing.ts";
import type { AccessState } from "../model/access-state.ts";
import { ownerOf, realmOf, type AuthId, type RoleId, type UserId } from "../model/ids.ts";
import type { Finding, Operation, Plan } from "../plan/plan.ts";
import { groupsByUser } from "../plan/diff.ts";

/** A privilege on a path, as `Sys.Modify on /access`. */
type Lack = string;

interface Caller {
  readonly has: (privilege: string, path: string) => boolean;
  readonly privilegesAt: (path: string) => Privileges;
  readonly groupsOf: (user: UserId) => readonly string[];
  readonly state: AccessState;
}

/** A finding for each privilege that the caller lacks; `plan` only warns of it, since another identity may apply. */
export function findMissingPrivileges(
  plan: Plan,
  { caller, superuser, severity }: { caller: AuthId; superuser: UserId; severity: Finding["severity"] },
): readonly Finding[] {
  if (plan.operations.length === 0 || caller === superuser) return [];
  const asCaller = callerOf(plan.before, caller);
  const lacks = new Map<Lack, Set<number>>();
  for (const operation of plan.operations) {
    for (const lack of lacksOf(operation, asCaller)) {
      const changes = lacks.get(lack) ?? new Set<number>();
      lacks.set(lack, changes);
      for (const change of operation.changes) changes.add(change);
    }
  }
  return [...lacks].map(([lack, changes]) => ({
    severity,
    code: "missing-privilege",
    message: `${caller} lacks ${lack}, which ${changes.size === 1 ? "a change needs" : `${changes.size} changes need`}`,
    changes: [...changes].sort((a, b) => a - b),
    count: changes.size,
  }));
}

function callerOf(state: AccessState, caller: AuthId): Caller {
  const index = indexAccess(state);
  const known = new Map<string, Privileges>();
  const privilegesAt = (path: string): Privileges => {
    const privileges = known.get(path) ?? effectivePrivileges(index, caller, path);
    known.set(path, privileges);
    return privileges;
  };
  const groups = groupsByUser(state);
  return {
    // Proof: looking up a text that is no privilege finds nothing.
    has: (privilege, path) => [...privilegesAt(path).keys()].some((held) => held === privilege),
    privilegesAt,
    groupsOf: (user) => groups.get(user) ?? [],
    state,
  };
}

function lacksOf(operation: Operation, caller: Caller): readonly Lack[] {
  switch (operation.kind) {
    case "create-user":
      return [...realmLacks(operation.user.id, caller), ...newUserLacks(operation.groups, caller)];
    case "update-user":
      // Without groups in the request, an administrator of some groups is refused.
      if (!operation.groups) return lacking(caller, "User.Modify", "/access/groups");
      return userLacks(operation.id, operation.groups, caller);
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

function lacking(caller: Caller, privilege: string, path: string): readonly Lack[] {
  return caller.has(privilege, path) ? [] : [`${privilege} on ${path}`];
}

function realmLacks(user: UserId, caller: Caller): readonly Lack[] {
  return lacking(caller, "Realm.AllocateUser", `/access/realm/${realmOf(user)}`);
}

function newUserLacks(groups: readonly string[], caller: Caller): readonly Lack[] {
  if (groups.length === 0) return lacking(caller, "User.Modify", "/access/groups");
  return groups.flatMap((group) => lacking(caller, "User.Modify", `/access/groups/${group}`));
}

/** User.Modify on all groups, or on one that the user is in and on every one that it is put into. */
function userLacks(user: UserId, joined: readonly string[], caller: Caller): readonly Lack[] {
  const mayModify = (group: string): boolean => caller.has("User.Modify", `/access/groups/${group}`);
  if (caller.has("User.Modify", "/access/groups")) return [];
  const isInOne = caller.groupsOf(user).some(mayModify);
  return isInOne && joined.every(mayModify) ? [] : ["User.Modify on /access/groups"];
}

/** Without Permissions.Modify, who may allocate an object may pass on what he has there himself (since 8.0). */
function aclLacks(path: string, roles: readonly RoleId[], caller: Caller): readonly Lack[] {
  if (caller.has("Permissions.Modify", path)) return [];
  const [, place, object] = /^\/(storage|vms|pool)\/(.+)$/u.exec(path) ?? [];
  const allocate = { storage: "Datastore.Allocate", vms: "VM.Allocate", pool: "Pool.Allocate" }[place ?? ""];
  const own = caller.privilegesAt(path);
  const isOwn = (role: RoleId): boolean => {
    const privileges = caller.state.roles.get(role)?.privileges ?? [];
    return privileges.length > 0 && privileges.every((privilege) => own.has(privilege));
  };
  // A pool may bring the privilege, and its members are not read.
  if (object !== undefined && place !== "pool" && caller.state.pools.size > 0) return [];
  const mayPassOn =
    object !== undefined && allocate !== undefined && caller.has(allocate, path) && roles.every(isOwn);
  return mayPassOn ? [] : [`Permissions.Modify on ${path}`];
}
