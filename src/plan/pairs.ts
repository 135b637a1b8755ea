import type { AclEntry } from "../model/access-state.ts";
import { subjectKey, type AclPath, type RoleId, type Subject } from "../model/ids.ts";

/** All rows of one subject on one path. */
export interface Pair {
  readonly path: AclPath;
  readonly subject: Subject;
  /** Role to its propagate flag. */
  readonly roles: ReadonlyMap<RoleId, boolean>;
}

export type Pairs = ReadonlyMap<string, Pair>;

/** As plans name the roles of a subject on a path. */
export function pairName(path: AclPath, subject: Subject): string {
  return `${path} ${subjectKey(subject)}`;
}

export function pairsOf(acl: readonly AclEntry[]): Pairs {
  const pairs = new Map<string, { path: AclPath; subject: Subject; roles: Map<RoleId, boolean> }>();
  for (const { path, subject, role, propagate } of acl) {
    const name = pairName(path, subject);
    const pair = pairs.get(name) ?? { path, subject, roles: new Map<RoleId, boolean>() };
    pairs.set(name, pair);
    pair.roles.set(role, propagate);
  }
  return pairs;
}
