import { effectivePrivileges } from "../access/effective.ts";
import type { Token } from "../model/access-state.ts";
import { ownerOf, subjectKey, type RoleId, type TokenId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { isAdministrator } from "./administrators.ts";
import type { Evidence } from "./evidence.ts";

export function tokensWithoutEntries({ after: { state } }: Evidence): readonly string[] {
  const named = new Set(state.acl.map(({ subject }) => subjectKey(subject)));
  return namesOf(
    state.tokens,
    ({ id, privilegeSeparation }) => privilegeSeparation && !named.has(subjectKey({ kind: "token", id })),
  );
}

/** A separated token holds what both it and its owner hold. The superuser backs everything. */
export function unbackedEntries({ after }: Evidence): readonly string[] {
  const { state } = after;
  return state.acl.flatMap(({ path, subject, role }) => {
    if (subject.kind !== "token" || state.tokens.get(subject.id)?.privilegeSeparation !== true) return [];
    const owner = ownerOf(subject.id);
    const privileges = state.roles.get(role)?.privileges ?? [];
    if (owner === pve.superuser || privileges.length === 0) return [];
    const backed = effectivePrivileges(after, owner, path);
    return privileges.some((privilege) => backed.has(privilege)) ? [] : [wordEntry(subject.id, role, path)];
  });
}

function wordEntry(token: TokenId, role: RoleId, path: string): string {
  return `${role} on ${path} of ${token}`;
}

export function tokensOfAdministrators({ after, nowSeconds }: Evidence): readonly string[] {
  return namesOf(
    after.state.tokens,
    ({ id, privilegeSeparation }) => !privilegeSeparation && isAdministrator(after, ownerOf(id), nowSeconds),
  );
}

export function tokensOfDisabled({ after: { state } }: Evidence): readonly string[] {
  return namesOf(state.tokens, ({ id }) => state.users.get(ownerOf(id))?.enabled === false);
}

function namesOf(tokens: ReadonlyMap<TokenId, Token>, isMeant: (token: Token) => boolean): readonly string[] {
  return [...tokens.values()].filter(isMeant).map(({ id }) => id);
}
