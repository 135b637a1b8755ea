// Whom a rule speaks of. In `subjects` a user comes with his tokens and a group with its members and their tokens, since
// a token holds what its owner does; in `except` a token goes only by its own name: what is in doubt is not excepted.

import { authKey, isTokenId, ownerOf, type AuthId, type UserId } from "../../model/ids.ts";
import type { AccessState } from "../../model/access-state.ts";
import type { PolicyRule } from "../../model/policy.ts";
import { compileGlob } from "../../support/glob.ts";

type Who = Pick<PolicyRule, "subjects" | "except">;

/** Of users and tokens that may hold something. */
export function holdersTakenBy({ subjects, except }: Who, state: AccessState): (id: AuthId) => boolean {
  const [isNamed, isExcepted] = [usersAndTokens(subjects, state), usersAndTokens(except, state)];
  return (id) => {
    const isMeant = isNamed(id) || (isTokenId(id) && isNamed(ownerOf(id)));
    return isMeant && !isExcepted(id);
  };
}

/** Of users and tokens as such: each by its own name, a user also by a group. */
export function objectsTakenBy({ subjects, except }: Who, state: AccessState): (id: AuthId) => boolean {
  const [isNamed, isExcepted] = [usersAndTokens(subjects, state), usersAndTokens(except, state)];
  return (id) => isNamed(id) && !isExcepted(id);
}

/** Of subjects by their own names alone: `user:…`, `group:…`, `token:…`. */
export function namesTakenBy({ subjects, except }: Who): (subject: string) => boolean {
  const [isNamed, isExcepted] = [takenBy(subjects), takenBy(except)];
  return (subject) => isNamed(subject) && !isExcepted(subject);
}

function usersAndTokens(globs: readonly string[], { groups }: AccessState): (id: AuthId) => boolean {
  const isNamed = takenBy(globs);
  const members = new Set<UserId>();
  for (const group of groups.values()) {
    if (isNamed(`group:${group.id}`)) for (const member of group.members) members.add(member);
  }
  return (id) => isNamed(authKey(id)) || (!isTokenId(id) && members.has(id));
}

function takenBy(globs: readonly string[]): (text: string) => boolean {
  const compiled = globs.map((text) => compileGlob(text));
  return (text) => compiled.some((glob) => glob.takes(text));
}
