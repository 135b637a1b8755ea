// Everything that applying a target's manifests could take, whatever the server holds: what plans are made of, asked of
// the rules before there is a plan. Where nobody can name yet what prune would find, it is asked for a path and below.

import type {
  DesiredPair,
  DesiredPool,
  DesiredRealm,
  DesiredState,
  DesiredToken,
  DesiredUser,
} from "../model/desired.ts";
import { subjectKey, type RealmId } from "../model/ids.ts";
import { pathOfPool } from "../model/pool-paths.ts";
import type { ObjectKind } from "../model/target.ts";
import { pruneBar } from "../plan/settling.ts";
import {
  allocatePoolsFrom,
  allocateAnyUser,
  allocateUserOf,
  demandsOf,
  modifyAclAt,
  modifyAclBelow,
  modifyUsers,
  readJobs,
  readEverything,
  type Deed,
  type Demand,
  type Scene,
} from "./needs.ts";

/** A demand, and what it is for: `user joe@pve`. */
export interface Purpose {
  readonly demand: Demand;
  readonly because: string;
}

export const readingPurpose: Purpose = { demand: readEverything, because: "reading everything" };

/** What the writes could need, beside reading. */
export function applyingPurposes(desired: DesiredState, scene: Scene): readonly Purpose[] {
  const because = (what: string, deeds: readonly Deed[]): readonly Purpose[] =>
    deeds.flatMap((deed) => demandsOf(deed, scene)).map((demand) => ({ demand, because: what }));
  return [
    ...[...desired.roles.values()].flatMap(({ id, ensure }) =>
      because(`role ${id}`, ensure === "ignored" ? [] : [{ kind: "update-role" }]),
    ),
    ...[...desired.groups.values()].flatMap(({ id, ensure }) =>
      because(`group ${id}`, ensure === "ignored" ? [] : [{ kind: "update-group" }]),
    ),
    ...[...desired.users.values()].flatMap((user) => because(`user ${user.id}`, deedsOnUser(user))),
    ...membershipPurposes(desired),
    ...[...desired.tokens.values()].flatMap((token) => because(`token ${token.id}`, deedsOnToken(token))),
    ...desired.acl.flatMap((pair) =>
      because(`ACL ${pair.path} ${subjectKey(pair.subject)}`, deedsOnPair(pair)),
    ),
    ...[...desired.pools.values()].flatMap(poolPurposes),
    ...[...desired.realms.values()].flatMap((realm) => [
      ...because(`realm ${realm.id}`, deedsOnRealm(realm, desired)),
      ...(realm.ensure !== "ignored" && realm.sync !== undefined
        ? [{ demand: readJobs, because: `jobs of realm ${realm.id}` }]
        : []),
    ]),
    ...prunePurposes(desired, because),
  ];
}

function deedsOnUser({ id, ensure, password }: DesiredUser): readonly Deed[] {
  switch (ensure) {
    case "present":
      return [
        { kind: "create-user", user: { id }, groups: [] },
        { kind: "update-user", id },
        ...(password?.policy === "enforce" ? [{ kind: "set-password", id } as const] : []),
      ];
    case "absent":
      return [{ kind: "delete-user", id }];
    case "ignored":
      return [];
  }
}

/** Members are moved by writing users, whoever declares them. */
function membershipPurposes({ groups, memberships }: DesiredState): readonly Purpose[] {
  const named = [
    ...[...groups.values()].flatMap(({ id, ensure, members }) =>
      ensure === "present" && members !== undefined ? [`members of group ${id}`] : [],
    ),
    ...memberships.flatMap(({ ensure, name }) => (ensure === "ignored" ? [] : [`membership ${name}`])),
  ];
  return named.map((because) => ({ demand: modifyUsers, because }));
}

function deedsOnToken({ id, ensure, rotation }: DesiredToken): readonly Deed[] {
  if (ensure === "ignored") return [];
  if (ensure === "absent") return [{ kind: "delete-token", id }];
  const create: Deed = { kind: "create-token", token: { id } };
  return rotation === "replace" ? [{ kind: "delete-token", id }, create] : [create];
}

/** What stands at a declared pair and is not wanted goes, so roles that nobody declares may have to be taken away. */
function deedsOnPair({ path, ensure, grants }: DesiredPair): readonly Deed[] {
  if (ensure === "ignored") return [];
  return [
    { kind: "revoke", path, roles: [] },
    ...grants.map(({ role, propagate }): Deed => ({ kind: "grant", path, roles: [role], propagate })),
  ];
}

const modifyAnyGuest = modifyAclBelow("/vms");
const modifyAnyStorage = modifyAclBelow("/storage");

/** Members that nobody declares are taken out, and who those are only the server knows. */
function poolPurposes({ id, ensure, vms, storages }: DesiredPool): readonly Purpose[] {
  if (ensure === "ignored") return [];
  const because = `members of pool ${id}`;
  return [
    { demand: allocatePoolsFrom(pathOfPool(id)), because: `pool ${id}` },
    ...(vms !== undefined || ensure === "absent" ? [{ demand: modifyAnyGuest, because }] : []),
    ...(storages !== undefined || ensure === "absent" ? [{ demand: modifyAnyStorage, because }] : []),
  ];
}

function deedsOnRealm({ id, ensure, sync }: DesiredRealm, desired: DesiredState): readonly Deed[] {
  switch (ensure) {
    case "ignored":
      return [];
    case "absent":
      return [{ kind: "update-realm" }, ...deedsOnStrayJobs(desired)];
    case "present": {
      const update = { kind: "update-realm" } as const;
      if (sync === undefined) return [update];
      return [
        update,
        sync === "absent" ? { kind: "delete-sync-job" } : { kind: "create-sync-job", realm: id },
      ];
    }
  }
}

/** A job goes with its realm where jobs are read: of who may not, none is asked for. */
function deedsOnStrayJobs({ realms }: DesiredState): readonly Deed[] {
  const readsJobs = [...realms.values()].some(
    ({ ensure, sync }) => ensure !== "ignored" && sync !== undefined,
  );
  return readsJobs ? [{ kind: "delete-sync-job" }] : [];
}

function prunePurposes(
  desired: DesiredState,
  because: (what: string, deeds: readonly Deed[]) => readonly Purpose[],
): readonly Purpose[] {
  const { prune, scope } = desired.target;
  const pruneOf = (kind: string, demands: readonly Demand[]): readonly Purpose[] =>
    demands.map((demand) => ({ demand, because: `prune of ${kind}` }));
  const allocate = prune.users === "disable" ? [] : allocations(scope.users.include);
  const byKind: Readonly<Record<ObjectKind, readonly Purpose[]>> = {
    roles: because("prune of roles", [{ kind: "delete-role" }]),
    groups: because("prune of groups", [{ kind: "delete-group" }]),
    users: pruneOf("users", [modifyUsers, ...allocate]),
    tokens: pruneOf("tokens", [modifyUsers]),
    acl: pruneOf("ACL entries", scope.acl.paths.include.map(modifyAclIn)),
    pools: pruneOf("pools", [allocatePoolsFrom("/pool"), modifyAnyGuest, modifyAnyStorage]),
    realms: because("prune of realms", [{ kind: "delete-realm" }, ...deedsOnStrayJobs(desired)]),
  };
  return Object.entries(byKind).flatMap(([kind, purposes]) =>
    // Proof: the keys are those of the record.
    pruneBar(kind as ObjectKind, desired) === undefined ? purposes : [],
  );
}

/** Of the realms that the scope's globs name, where each names one. */
function allocations(include: readonly string[]): readonly Demand[] {
  const realms = include.map((glob) => /@([A-Za-z][A-Za-z0-9._-]+)$/u.exec(glob)?.[1]);
  if (realms.includes(undefined)) return [allocateAnyUser];
  // Proof: it has the form of a realm's id.
  return realms.flatMap((realm) => (realm === undefined ? [] : [allocateUserOf(realm as RealmId)]));
}

/** A glob's deepest path without a star; all that it takes is there or below. */
function modifyAclIn(glob: string): Demand {
  const star = glob.indexOf("*");
  if (star < 0) return modifyAclAt(glob);
  const above = glob.slice(0, star).replace(/\/[^/]*$/u, "");
  return modifyAclBelow(above === "" ? "/" : above);
}
