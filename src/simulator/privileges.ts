// What a caller holds, as questions and as demands.

import { effectivePrivileges } from "../access/effective.ts";
import type { AuthId, GroupId, Privilege, UserId } from "../model/ids.ts";
import type { Host } from "./host.ts";
import { forbidden } from "./refusal.ts";

export interface Demand {
  readonly path: string;
  readonly privileges: readonly string[];
}

export function privilegesOn(host: Host, caller: AuthId, path: string): ReadonlyMap<Privilege, boolean> {
  return effectivePrivileges(host.access(), caller, path);
}

export function hasAny(host: Host, caller: AuthId, { path, privileges }: Demand): boolean {
  const held = privilegesOn(host, caller, path);
  return [...held.keys()].some((privilege) => privileges.includes(privilege));
}

export function requireAny(host: Host, caller: AuthId, demand: Demand): void {
  if (!hasAny(host, caller, demand)) throw forbidden(`${demand.path}, ${demand.privileges.join("|")}`);
}

export function requireAll(host: Host, caller: AuthId, { path, privileges }: Demand): void {
  for (const privilege of privileges) requireAny(host, caller, { path, privileges: [privilege] });
}

/** What lets somebody change the ACL at a path: below some, the right to create what is there. */
export function modifyingPrivileges(path: string): string[] {
  if (/^\/storage\/./su.test(path)) return ["Permissions.Modify", "Datastore.Allocate"];
  if (/^\/vms\/./su.test(path)) return ["Permissions.Modify", "VM.Allocate"];
  if (/^\/pool\/./su.test(path)) return ["Permissions.Modify", "Pool.Allocate"];
  return ["Permissions.Modify"];
}

/** The groups that the caller has one of the privileges on. */
export function groupsWith(host: Host, caller: AuthId, privileges: readonly string[]): GroupId[] {
  return [...host.userCfg.read().groups.keys()].filter((id) =>
    hasAny(host, caller, { path: `/access/groups/${id}`, privileges }),
  );
}

export function membersOf(host: Host, groups: readonly GroupId[]): Set<UserId> {
  const all = host.userCfg.read().groups;
  return new Set(groups.flatMap((id) => [...(all.get(id)?.members ?? [])]));
}
