// Everybody's computed permissions, for a review.

import { subjectKey, type AclPath, type AuthId } from "../model/ids.ts";
import type { Permissions } from "../model/live-state.ts";
import { compareText } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { holderOf, privilegesAt, type Holder } from "./holder.ts";
import type { AccessIndex } from "./lookup.ts";
import { pooledPaths } from "./pooled.ts";
import type { Privileges, Profile } from "./standing.ts";

/** What `effectivePermissions` answers, for one identity. */
export interface SubjectReport {
  readonly id: AuthId;
  readonly permissions: Permissions;
}

/**
 * All users and tokens, sorted by id. One at a time, since all of it together may be larger than memory: 10,000 users
 * who may look at 10,000 paths. Those whom the same groups' entries speak of share one answer.
 */
export function* reportPermissions(index: AccessIndex): Generator<SubjectReport, void, undefined> {
  const children = childrenByPath(index);
  const known = new Map<Profile, Permissions>();
  const ids = [...index.state.users.keys(), ...index.state.tokens.keys()].sort(compareText);
  for (const id of ids) {
    const holder = holderOf(index, id);
    const compute = (): Permissions => permissionsOf(index, holder, children);
    const profile = sharedProfile(index, holder);
    yield { id, permissions: profile === undefined ? compute() : getOrAdd(known, profile, compute) };
  }
}

/** Undefined for who has entries of his own, or is bound by two. */
function sharedProfile({ layers }: AccessIndex, holder: Holder): Profile | undefined {
  if (holder.kind !== "parties" || holder.parties.length > 1) return undefined;
  const [{ subject, profile }] = holder.parties;
  return layers.has(subjectKey(subject)) ? undefined : profile;
}

type Children = ReadonlyMap<AclPath, readonly AclPath[]>;

function childrenByPath({ places }: AccessIndex): Children {
  const children = new Map<AclPath, AclPath[]>();
  for (const { nodes } of places.values()) {
    const [path, parent] = nodes;
    if (path !== undefined && parent !== undefined) getOrAdd(children, parent, () => []).push(path);
  }
  return children;
}

function permissionsOf(index: AccessIndex, holder: Holder, children: Children): Permissions {
  const permissions = new Map<AclPath, Privileges>();
  for (const path of pathsOf(index, holder, children)) {
    const place = index.places.get(path);
    if (place === undefined) continue;
    const privileges = privilegesAt(index, holder, place);
    if (privileges.size > 0) permissions.set(path, privileges);
  }
  return permissions;
}

/** Where something may be held: where entries or pools speak of the first party, and below. */
function pathsOf(index: AccessIndex, holder: Holder, children: Children): Iterable<AclPath> {
  switch (holder.kind) {
    case "superuser":
      return index.places.keys();
    case "nobody":
      return [];
    case "parties": {
      const [{ profile }] = holder.parties;
      return withBelow([...profile.keys(), ...pooledPaths(index, profile, index.pools)], children);
    }
  }
}

function withBelow(paths: readonly AclPath[], children: Children): ReadonlySet<AclPath> {
  const found = new Set<AclPath>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    open.push(...(children.get(path) ?? []));
  }
  return found;
}
