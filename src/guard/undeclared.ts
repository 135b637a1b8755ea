// What no manifest declares and gives what can grant more all the same: entries and members added by hand or by a
// directory, in scope or out of it.

import type { AclEntry } from "../model/access-state.ts";
import { isTokenId, ownerOf, subjectKey, type AuthId, type UserId } from "../model/ids.ts";
import type { Finding } from "../plan/plan.ts";
import { groupBy } from "../support/group-by.ts";
import { dangersIn, givenBy, groupOf, holdersOf, wordChain, type Searched } from "./dangerous-entries.ts";
import type { Declared } from "./declared.ts";
import type { Evidence } from "./evidence.ts";
import { poolMembersAlone } from "./undeclared-in-pools.ts";
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
  const searched = { ...evidence, dangers };
  const entries = evidence.after.state.acl.filter(({ role }) => dangers.has(role));
  const chains = [
    ...entriesAlone(searched, entries, { declared, named }),
    ...membersAlone(searched, entries, declared),
    ...poolMembersAlone(evidence, entries, declared),
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
