// What no manifest declares and gives what can grant more all the same: entries and members added by hand or by a
// directory, in scope or out of it.

import { isDangerous } from "../access/dangerous.ts";
import { effectivePrivileges } from "../access/effective.ts";
import type { AccessIndex } from "../access/lookup.ts";
import { isUsable } from "../access/usable.ts";
import { wordReason } from "../access/words.ts";
import type { AclEntry, Group } from "../model/access-state.ts";
import {
  authKey,
  isTokenId,
  ownerOf,
  subjectKey,
  type AuthId,
  type Privilege,
  type RoleId,
  type UserId,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { Finding } from "../plan/plan.ts";
import { groupBy } from "../support/group-by.ts";
import type { Declared } from "./declared.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** Whom the target itself names as holding much: they need no other manifest. */
export interface Named {
  readonly caller: AuthId;
  readonly requireAdmin: readonly string[];
}

/** `undeclared-privilege`: one finding with all chains, the entry or the membership first that nobody declares. */
export function findUndeclaredPrivileges(
  evidence: Evidence,
  declared: Declared,
  named: Named,
): readonly Finding[] {
  const dangers = dangersIn(evidence);
  const entries = evidence.after.state.acl.filter(({ role }) => dangers.has(role));
  const chains = [
    ...entriesAlone({ ...evidence, dangers }, entries, { declared, named }),
    ...membersAlone({ ...evidence, dangers }, entries, declared),
  ].sort();
  if (chains.length === 0) return [];
  return [
    {
      severity: "warning",
      code: "undeclared-privilege",
      message: `what no manifest declares gives privileges that can grant more: ${wordNames(chains, "; ")}`,
      changes: [],
      count: chains.length,
    },
  ];
}

type Dangers = ReadonlyMap<RoleId, readonly Privilege[]>;
type Searched = Evidence & { readonly dangers: Dangers };

/** What of each role can grant more; roles without such a privilege are not there. */
function dangersIn({ after: { state } }: Evidence): Dangers {
  const dangers = [...state.roles.values()].map(
    ({ id, privileges }) => [id, privileges.filter(isDangerous)] as const,
  );
  return new Map(dangers.filter(([, privileges]) => privileges.length > 0));
}

function entriesAlone(
  evidence: Searched,
  entries: readonly AclEntry[],
  { declared, named }: { declared: Declared; named: Named },
): readonly string[] {
  const { caller, requireAdmin } = named;
  const owner = isTokenId(caller) ? ownerOf(caller) : caller;
  const known = new Set([...requireAdmin, `token:${caller}`, `user:${caller}`, `user:${owner}`]);
  return entries.flatMap((entry) => {
    if (known.has(subjectKey(entry.subject)) || declared.hasEntry(entry)) return [];
    for (const id of holdersOf(evidence, entry)) {
      const given = givenBy(evidence, id, entry);
      if (given.length > 0) return [`${wordChain(entry)} (${given.join(", ")})`];
    }
    return [];
  });
}

function membersAlone(
  evidence: Searched,
  entries: readonly AclEntry[],
  declared: Declared,
): readonly string[] {
  const ofGroups = groupBy(
    entries.filter(({ subject }) => subject.kind === "group"),
    ({ subject }) => subject.id,
  );
  return [...ofGroups].flatMap(([id, own]) => {
    const group = [...own].map(({ subject }) => groupOf(evidence, subject)).find((one) => one !== undefined);
    return (group?.members ?? [])
      .filter((user) => group !== undefined && !declared.hasMember(group.id, user))
      .flatMap((user) => chainOfMember(evidence, user, { id, own }));
  });
}

function chainOfMember(
  evidence: Searched,
  user: UserId,
  { id, own }: { readonly id: string; readonly own: readonly AclEntry[] },
): readonly string[] {
  for (const entry of own) {
    const given = givenBy(evidence, user, entry);
    if (given.length > 0) return [`${user} is in group ${id}; ${wordChain(entry)} (${given.join(", ")})`];
  }
  return [];
}

function groupOf({ after: { state } }: Evidence, subject: AclEntry["subject"]): Group | undefined {
  return subject.kind === "group" ? state.groups.get(subject.id) : undefined;
}

function holdersOf(evidence: Evidence, { subject }: AclEntry): readonly AuthId[] {
  return subject.kind === "group" ? (groupOf(evidence, subject)?.members ?? []) : [subject.id];
}

/** The dangerous privileges that somebody who can log in has by the entry on its path. */
function givenBy(
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

function wordChain(entry: AclEntry): string {
  return wordReason({ kind: "entry", entry, pool: undefined });
}
