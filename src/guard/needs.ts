// What each endpoint asks of a caller (libpve-access-control 9.1.1; recordings limited-* in test/contract): the one place
// of these rules. lacks.ts holds them against somebody, purposes.ts and least-entries.ts turn them around into what somebody is to be given.

import {
  ownerOf,
  realmOf,
  type PoolId,
  type RealmId,
  type RoleId,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import { pathOfGuest, pathOfPool, pathOfStorage } from "../model/pool-paths.ts";

/** A privilege on a path. */
export interface Need {
  readonly privilege: string;
  readonly path: string;
  /** Whether it must also hold below: what does not propagate can't be handed on with propagate. */
  readonly propagate: boolean;
}

/** All needs of one of the ways. The first way is what to give where there is none. */
export interface Demand {
  readonly ways: readonly [Way, ...Way[]];
}
export type Way = readonly Need[];

/** As much of a write as the rules look at: every Write is one. */
export type Deed =
  | {
      readonly kind: "create-user";
      readonly user: { readonly id: UserId };
      readonly groups: readonly string[];
    }
  | { readonly kind: "update-user"; readonly id: UserId; readonly groups?: readonly string[] }
  | { readonly kind: "delete-user" | "set-password"; readonly id: UserId }
  | { readonly kind: "create-group" | "update-group" | "delete-group" }
  | { readonly kind: "create-role" | "update-role" | "delete-role" }
  | {
      readonly kind: "grant";
      readonly path: string;
      readonly roles: readonly RoleId[];
      readonly propagate: boolean;
    }
  | { readonly kind: "revoke"; readonly path: string; readonly roles: readonly RoleId[] }
  | { readonly kind: "create-token"; readonly token: { readonly id: TokenId } }
  | { readonly kind: "reissue-token" | "update-token" | "delete-token"; readonly id: TokenId }
  | { readonly kind: "create-pool"; readonly pool: { readonly id: PoolId } }
  | { readonly kind: "update-pool"; readonly id: PoolId; readonly members?: Moved }
  | { readonly kind: "delete-pool"; readonly id: PoolId }
  | { readonly kind: "create-realm" | "update-realm" | "delete-realm" | "delete-sync-job" }
  | { readonly kind: "create-sync-job" | "update-sync-job"; readonly realm: RealmId };

/** What an update of a pool puts in, takes out, or takes out of another pool. */
interface Moved {
  readonly vms: readonly number[];
  readonly storages: readonly string[];
  readonly moved?: readonly { readonly vm: number; readonly from: PoolId }[];
}

/** What the rules look at beside the write, at one moment of a plan. */
export interface Scene {
  /** Whether the caller is this very user; a token never is its owner. */
  readonly isSelf: (user: UserId) => boolean;
  readonly groupsOf: (user: UserId) => readonly string[];
  readonly privilegesOf: (role: RoleId) => readonly string[];
  /** Who may allocate an object may hand on what he has there himself (8.0 and newer), or whatever he likes (before). */
  readonly delegation: "own" | "any";
}

const accessPath = "/access";
const groupsPath = "/access/groups";
const realmsPath = "/access/realm";

export function demandsOf(write: Deed, scene: Scene): readonly Demand[] {
  switch (write.kind) {
    case "create-user":
      return [allocateUserOf(realmOf(write.user.id)), modifyNewUser(write.groups)];
    case "update-user":
      // An administrator of some groups is refused where the request names none.
      if (write.groups === undefined || write.groups.length === 0) return [modifyUsers];
      return [modifyUser(write.id, write.groups, scene)];
    case "set-password":
      return scene.isSelf(write.id) ? [] : onUser(write.id, scene);
    case "delete-user":
      return onUser(write.id, scene);
    case "create-group":
    case "update-group":
    case "delete-group":
      return [only(here("Group.Allocate", groupsPath))];
    case "create-role":
    case "update-role":
    case "delete-role":
      return [only(here("Sys.Modify", accessPath))];
    case "grant":
      return [modifyAcl(write, write.propagate, scene)];
    case "revoke":
      return [modifyAcl(write, false, scene)];
    case "create-token":
      return modifyTokensOf(ownerOf(write.token.id), scene);
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return modifyTokensOf(ownerOf(write.id), scene);
    case "create-pool":
      return [allocatePool(write.pool.id)];
    case "update-pool":
      return [allocatePool(write.id), ...(write.members ? moveMembers(write.members) : [])];
    case "delete-pool":
      return [allocatePool(write.id)];
    case "create-realm":
    case "update-realm":
    case "delete-realm":
      return [allocateRealms];
    // As the public documentation has it.
    case "create-sync-job":
    case "update-sync-job":
      return [allocateUserOf(write.realm), modifyUsers];
    case "delete-sync-job":
      return [only(here("Sys.Modify", "/"))];
  }
}

function here(privilege: string, path: string): Need {
  return { privilege, path, propagate: false };
}

function only(...needs: Way): Demand {
  return { ways: [needs] };
}

const modifyAllGroups = here("User.Modify", groupsPath);
export const modifyUsers = only(modifyAllGroups);

const allocateRealms = only(here("Realm.Allocate", realmsPath));

/** What shows the jobs that fetch users, as the public documentation has it. */
export const readJobs: Demand = only(here("Sys.Audit", "/"));

/**
 * What makes every list whole (live/pve-completeness.ts): the ACL; users and groups, each of which needs it on its own
 * path; pools.
 */
export const readEverything: Demand = only(
  here("Sys.Audit", accessPath),
  { privilege: "Sys.Audit", path: groupsPath, propagate: true },
  { privilege: "Pool.Audit", path: "/pool", propagate: true },
);

function modifyGroup(group: string): Need {
  return here("User.Modify", `${groupsPath}/${group}`);
}

export function allocateUserOf(realm: RealmId): Demand {
  return only(here("Realm.AllocateUser", `${realmsPath}/${realm}`));
}

/** Of whatever realm: for users that nobody can name yet. */
export const allocateAnyUser: Demand = only({
  privilege: "Realm.AllocateUser",
  path: realmsPath,
  propagate: true,
});

export function modifyAclAt(path: string): Demand {
  return only(here("Permissions.Modify", path));
}

/** For entries on a path and below that nobody can name yet. */
export function modifyAclBelow(path: string): Demand {
  return only({ privilege: "Permissions.Modify", path, propagate: true });
}

function modifyNewUser(groups: readonly string[]): Demand {
  return groups.length === 0 ? modifyUsers : { ways: [groups.map(modifyGroup), [modifyAllGroups]] };
}

/** On all groups, or on one that the user is in and on every one that he is put into. */
function modifyUser(user: UserId, joined: readonly string[], { groupsOf }: Scene): Demand {
  const byGroup = groupsOf(user).map((group) => [...new Set([group, ...joined])].map(modifyGroup));
  return { ways: [[modifyAllGroups], ...byGroup] };
}

function onUser(user: UserId, scene: Scene): readonly Demand[] {
  return [allocateUserOf(realmOf(user)), modifyUser(user, [], scene)];
}

function modifyTokensOf(owner: UserId, scene: Scene): readonly Demand[] {
  return scene.isSelf(owner) ? [] : [modifyUser(owner, [], scene)];
}

function allocatePool(pool: PoolId): Demand {
  return only(here("Pool.Allocate", pathOfPool(pool)));
}

/** With all that is in it: pools nobody can name yet, and the sight of them, which an entry here would end. */
export function allocatePoolsFrom(path: string): Demand {
  return only({ privilege: "Pool.Allocate", path, propagate: true });
}

/** Whoever puts an object into a pool, or takes it out, changes who may use it. */
function moveMembers({ vms, storages, moved = [] }: Moved): readonly Demand[] {
  return [
    ...[...vms, ...moved.map(({ vm }) => vm)].map((vm) => modifyObject("VM.Allocate", pathOfGuest(vm))),
    ...storages.map((name) => modifyObject("Datastore.Allocate", pathOfStorage(name))),
    ...[...new Set(moved.map(({ from }) => from))].map(allocatePool),
  ];
}

/** Either may change the access to an object: who may modify permissions there, and who may allocate it. */
function modifyObject(allocator: string, path: string): Demand {
  return { ways: [[here("Permissions.Modify", path)], [here(allocator, path)]] };
}

const allocators: Readonly<Record<string, string>> = {
  storage: "Datastore.Allocate",
  vms: "VM.Allocate",
  pool: "Pool.Allocate",
};

function modifyAcl(
  { path, roles }: { readonly path: string; readonly roles: readonly RoleId[] },
  propagate: boolean,
  scene: Scene,
): Demand {
  const modify = [here("Permissions.Modify", path)];
  const allocator = allocators[/^\/(storage|vms|pool)\/./u.exec(path)?.[1] ?? ""];
  if (allocator === undefined) return { ways: [modify] };
  const allocate = here(allocator, path);
  if (scene.delegation === "any") return { ways: [modify, [allocate]] };
  // NoAccess gives nothing, so everybody would have all of it; without a role it is about any that may stand there.
  if (roles.length === 0 || roles.some((role) => role === "NoAccess")) return { ways: [modify] };
  const own = roles.flatMap(scene.privilegesOf).map((privilege): Need => ({ privilege, path, propagate }));
  return { ways: [modify, [allocate, ...own]] };
}
