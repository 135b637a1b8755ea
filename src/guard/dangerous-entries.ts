// Who has a privilege that can grant more by an entry, and the entry in words.

import { isDangerous } from "../access/dangerous.ts";
import { explain } from "../access/explain.ts";
import { isUsable } from "../access/usable.ts";
import { wordReason } from "../access/words.ts";
import type { AclEntry, Group } from "../model/access-state.ts";
import { subjectKey, type AuthId, type Privilege } from "../model/ids.ts";
import type { Evidence } from "./evidence.ts";

export function groupOf({ after: { state } }: Evidence, subject: AclEntry["subject"]): Group | undefined {
  return subject.kind === "group" ? state.groups.get(subject.id) : undefined;
}

export function holdersOf(evidence: Evidence, { subject }: AclEntry): readonly AuthId[] {
  return subject.kind === "group" ? (groupOf(evidence, subject)?.members ?? []) : [subject.id];
}

/** The dangerous privileges that somebody who can log in has by the entry on its path, or on another one. */
export function givenBy(
  { after, nowSeconds }: Evidence,
  id: AuthId,
  entry: AclEntry,
  path = entry.path,
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
