// Who has a privilege that can grant more by an entry, and the entry in words.

import { isDangerous } from "../access/dangerous.ts";
import { effectivePrivileges } from "../access/effective.ts";
import { explain } from "../access/explain.ts";
import type { AccessIndex } from "../access/lookup.ts";
import { isUsable } from "../access/usable.ts";
import { wordReason } from "../access/words.ts";
import type { AclEntry, Group } from "../model/access-state.ts";
import {
  authKey,
  isTokenId,
  subjectKey,
  type AclPath,
  type AuthId,
  type Privilege,
  type RoleId,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { Evidence } from "./evidence.ts";

export function groupOf({ after: { state } }: Evidence, subject: AclEntry["subject"]): Group | undefined {
  return subject.kind === "group" ? state.groups.get(subject.id) : undefined;
}

export function holdersOf(evidence: Evidence, { subject }: AclEntry): readonly AuthId[] {
  return subject.kind === "group" ? (groupOf(evidence, subject)?.members ?? []) : [subject.id];
}

type Dangers = ReadonlyMap<RoleId, readonly Privilege[]>;
export type Searched = Evidence & { readonly dangers: Dangers };

/** What of each role can grant more; roles without such a privilege are not there. */
export function dangersIn({ after: { state } }: Evidence): Dangers {
  const dangers = [...state.roles.values()].map(
    ({ id, privileges }) => [id, privileges.filter(isDangerous)] as const,
  );
  return new Map(dangers.filter(([, privileges]) => privileges.length > 0));
}

/** The dangerous privileges that somebody who can log in has by the entry on its path. */
export function givenBy(
  { after, nowSeconds, dangers }: Searched,
  id: AuthId,
  entry: AclEntry,
): readonly Privilege[] {
  if (!isUsable(after.state, id, nowSeconds) || !countsFor(after, id, entry)) return [];
  const held = effectivePrivileges(after, id, entry.path);
  return (dangers.get(entry.role) ?? []).filter((privilege) => held.has(privilege));
}

/**
 * On its own path an entry counts for its subject, and for members of a group that have none of their own there. What
 * `explain` says is the same (a test compares), and costs more than a look at thousands of entries may.
 */
function countsFor({ layers, state }: AccessIndex, id: AuthId, { path, subject }: AclEntry): boolean {
  if (id === pve.superuser) return false;
  if (isTokenId(id)) return state.tokens.get(id)?.privilegeSeparation === true;
  return subject.kind !== "group" || layers.get(authKey(id))?.get(path) === undefined;
}

/** The same on a path that the entry reaches. */
export function givenOn(
  path: AclPath,
  { after, nowSeconds }: Evidence,
  { id, entry }: { readonly id: AuthId; readonly entry: AclEntry },
): readonly Privilege[] {
  if (!isUsable(after.state, id, nowSeconds)) return [];
  const { privileges } = explain(after, id, path);
  return [...privileges].flatMap(([privilege, { because }]) => {
    const isGiving = because.some((reason) => reason.kind === "entry" && isSameEntry(reason.entry, entry));
    return isGiving && isDangerous(privilege) ? [privilege] : [];
  });
}

function isSameEntry(a: AclEntry, b: AclEntry): boolean {
  return a.path === b.path && a.role === b.role && subjectKey(a.subject) === subjectKey(b.subject);
}

export function wordChain(entry: AclEntry): string {
  return wordReason({ kind: "entry", entry, pool: undefined });
}
