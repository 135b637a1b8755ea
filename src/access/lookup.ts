// The access state arranged for questions: built once, in time linear to the state.

import type { AccessState, AclEntry } from "../model/access-state.ts";
import {
  subjectKey,
  type AclPath,
  type GroupId,
  type RoleId,
  type SubjectKey,
  type UserId,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { sortedBy } from "../support/compare.ts";
import { getOrAdd, mapValues } from "../support/maps.ts";
import { nodesOf, root } from "./nodes.ts";
import { pathOfPool, pathsOfMembers } from "../model/pool-paths.ts";
import { layerFrom, type Layer, type Privileges, type Profile } from "./standing.ts";

/** A path as the server walks to it. */
export interface Place {
  /** The path itself first, the root last. */
  readonly nodes: readonly AclPath[];
  /** The same of each pool that the guest or storage at this path is in. */
  readonly pools: readonly (readonly AclPath[])[];
}

/** A pool as a place, with the paths of the guests and storages in it. */
interface PoolPlace {
  /** Its own path first, the root last. */
  readonly nodes: readonly AclPath[];
  readonly members: readonly AclPath[];
}

export interface AccessIndex {
  readonly state: AccessState;
  /** What each subject's own entries amount to. Entries of roles or tokens that do not exist are not there. */
  readonly layers: ReadonlyMap<SubjectKey, ReadonlyMap<AclPath, Layer>>;
  /** The groups of each user that have entries, sorted. */
  readonly groupsOf: ReadonlyMap<UserId, readonly GroupId[]>;
  /** For the path of a guest or a storage, the paths of the pools that it is in. */
  readonly poolsOf: ReadonlyMap<AclPath, readonly AclPath[]>;
  readonly pools: readonly PoolPlace[];
  /** The paths that GET /access/permissions answers for when it is asked for none. */
  readonly places: ReadonlyMap<AclPath, Place>;
  /** All there are. */
  readonly superuserPrivileges: Privileges;
  /** Filled while questions are answered: subjects that the same entries speak of share one profile. */
  readonly profiles: Map<string, Profile>;
}

// Proof: the product's own constant, in its own spelling.
export const administrator = "Administrator" as RoleId;

/** Where the server looks whatever the ACL says; it also looks at every entry's path, and at all above it. */
const topPaths = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"].map(
  pve.normalizeAclPath,
);

export function indexAccess(state: AccessState): AccessIndex {
  const entries = state.acl.filter((entry) => isEffective(entry, state));
  const layers = layersFrom(entries, state);
  const pools = poolPlaces(state);
  const poolsOf = poolsOfMembers(state);
  const paths = [...topPaths, ...entries.flatMap(({ path }) => nodesOf(path)), ...poolsOf.keys()];
  return {
    state,
    layers,
    groupsOf: groupsByMember(state, layers),
    poolsOf,
    pools,
    places: new Map([...new Set(paths)].map((path) => [path, placeFrom(poolsOf, path)])),
    superuserPrivileges: new Map(
      (state.roles.get(administrator)?.privileges ?? []).map((name) => [name, true]),
    ),
    profiles: new Map(),
  };
}

/** Any text can be asked for, so any text has a place. */
export function placeAt(index: AccessIndex, path: string): Place {
  const places: ReadonlyMap<string, Place> = index.places;
  return places.get(path) ?? placeFrom(index.poolsOf, path);
}

/** Below the place, where no state names anything: no entry, no pool. `*` is in no path that the server takes. */
export function freshChildOf({ nodes }: Place): Place {
  return { nodes: [freshPathBelow(nodes[0] ?? root), ...nodes], pools: [] };
}

/** What stands for the paths below one: `/vms/*`. */
export function freshPathBelow(path: AclPath): AclPath {
  // Proof: a path in normal form, a slash and a segment.
  return `${path === root ? "" : path}/*` as AclPath;
}

function placeFrom(poolsOf: ReadonlyMap<string, readonly AclPath[]>, path: string): Place {
  return { nodes: nodesOf(path), pools: (poolsOf.get(path) ?? []).map(nodesOf) };
}

/** The server ignores what it reads of roles and tokens that are gone; users and groups need not exist. */
function isEffective({ role, subject }: AclEntry, { roles, tokens }: AccessState): boolean {
  return roles.has(role) && (subject.kind !== "token" || tokens.has(subject.id));
}

/** Of several entries for one path, subject and role the last one holds. */
function layersFrom(entries: readonly AclEntry[], { roles }: AccessState): AccessIndex["layers"] {
  const grants = new Map<SubjectKey, Map<AclPath, Map<RoleId, boolean>>>();
  for (const { path, subject, role, propagate } of entries) {
    const ofSubject = getOrAdd(grants, subjectKey(subject), () => new Map<AclPath, Map<RoleId, boolean>>());
    getOrAdd(ofSubject, path, () => new Map<RoleId, boolean>()).set(role, propagate);
  }
  return mapValues(grants, (ofSubject) => mapValues(ofSubject, (onPath) => layerFrom(onPath, roles)));
}

function groupsByMember(state: AccessState, layers: AccessIndex["layers"]): Map<UserId, GroupId[]> {
  const groupsOf = new Map<UserId, GroupId[]>();
  for (const { id, members } of sortedBy(state.groups.values(), (group) => group.id)) {
    if (!layers.has(subjectKey({ kind: "group", id }))) continue;
    for (const member of new Set(members)) getOrAdd(groupsOf, member, () => []).push(id);
  }
  return groupsOf;
}

function poolPlaces(state: AccessState): readonly PoolPlace[] {
  return [...state.pools.values()].map(({ id, members }) => ({
    nodes: nodesOf(pathOfPool(id)),
    members: members === undefined ? [] : pathsOfMembers(members),
  }));
}

/** For the path of a guest or a storage, the paths of the pools that it is in. */
export function poolsOfMembers({ pools }: Pick<AccessState, "pools">): Map<AclPath, AclPath[]> {
  const poolsOf = new Map<AclPath, AclPath[]>();
  for (const { id, members } of pools.values()) {
    for (const member of members === undefined ? [] : pathsOfMembers(members))
      getOrAdd(poolsOf, member, () => []).push(pathOfPool(id));
  }
  return poolsOf;
}
