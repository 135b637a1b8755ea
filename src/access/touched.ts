// Whose computed permissions a change of state can change: whom it does not touch is not looked at.

import {
  isTokenId,
  ownerOf,
  subjectKey,
  type AuthId,
  type SubjectKey,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import type { AclPath, RoleId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { sameTexts } from "../support/compare.ts";
import type { AccessIndex } from "./lookup.ts";
import { touchedByPools } from "./touched-pools.ts";
import type { Grants, Privileges } from "./standing.ts";

type Layers = AccessIndex["layers"];
type OwnLayers = NonNullable<ReturnType<Layers["get"]>>;

/**
 * False only for whom nothing is different; `moved` are the guests and storages whose pools are not the same. Time: linear in both states, a few
 * operations an entry.
 */
export function touchBetween(
  before: AccessIndex,
  after: AccessIndex,
  moved: readonly AclPath[],
): (id: AuthId) => boolean {
  const changed = changedSubjects(before, after);
  const isPooled = touchedByPools(before, after, moved);
  const isSuperuserTouched = !samePrivileges(before.superuserPrivileges, after.superuserPrivileges);
  const isPartyTouched = (keys: readonly SubjectKey[]): boolean =>
    keys.some((key) => changed.has(key)) || isPooled(keys);

  const isUserTouched = (id: UserId): boolean => {
    if (id === pve.superuser) return isSuperuserTouched;
    const groups = after.groupsOf.get(id) ?? [];
    if (!sameTexts(before.groupsOf.get(id) ?? [], groups)) return true;
    const ofGroups = groups.map((group) => subjectKey({ kind: "group", id: group }));
    return isPartyTouched([subjectKey({ kind: "user", id }), ...ofGroups]);
  };
  const isTokenTouched = (id: TokenId): boolean => {
    const separated = after.state.tokens.get(id)?.privilegeSeparation;
    if (before.state.tokens.get(id)?.privilegeSeparation !== separated) return true;
    return isPartyTouched([subjectKey({ kind: "token", id })]) || isUserTouched(ownerOf(id));
  };
  return (id) => (isTokenId(id) ? isTokenTouched(id) : isUserTouched(id));
}

/** Subjects whose entries are not the same, or name a role that has not the same privileges. */
function changedSubjects(before: AccessIndex, after: AccessIndex): ReadonlySet<SubjectKey> {
  const roles = changedRoles(before, after);
  const keys = new Set([...before.layers.keys(), ...after.layers.keys()]);
  const changed = new Set<SubjectKey>();
  for (const key of keys) {
    if (!sameLayers(before.layers.get(key), after.layers.get(key), roles)) changed.add(key);
  }
  return changed;
}

function changedRoles({ state: before }: AccessIndex, { state: after }: AccessIndex): ReadonlySet<RoleId> {
  const isChanged = (id: RoleId): boolean => {
    const [had, has] = [before.roles.get(id), after.roles.get(id)];
    return had !== has && !sameTexts(had?.privileges ?? [], has?.privileges ?? []);
  };
  return new Set([...before.roles.keys(), ...after.roles.keys()].filter(isChanged));
}

function sameLayers(
  before: OwnLayers | undefined,
  after: OwnLayers | undefined,
  changed: ReadonlySet<RoleId>,
): boolean {
  if (before === undefined || before.size !== after?.size) return false;
  const given = (layers: OwnLayers, path: AclPath): Grants | undefined => layers.get(path)?.here?.given;
  return [...before.keys()].every((path) => sameGrants(given(before, path), given(after, path), changed));
}

function sameGrants(
  before: Grants | undefined,
  after: Grants | undefined,
  changed: ReadonlySet<RoleId>,
): boolean {
  if (before === undefined || before.size !== after?.size) return false;
  return [...before].every(([role, propagate]) => after.get(role) === propagate && !changed.has(role));
}

function samePrivileges(before: Privileges, after: Privileges): boolean {
  return before.size === after.size && [...before.keys()].every((name) => after.has(name));
}
