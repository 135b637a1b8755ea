// Lines of roles and of the ACL.

import {
  ownerOf,
  subjectKey,
  type Privilege,
  type RoleId,
  type Subject,
  type SubjectKey,
} from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Draft, DraftGrants } from "./draft.ts";
import { isFilled, splitList } from "./text.ts";

/**
 * `role:ID:PRIVILEGE,…:` Lines of the same role add up; a privilege that the release lacks is dropped. A line for a
 * built-in role is ignored: it holds only in the one worker process that read it, and is never written.
 */
export function readRole(draft: Draft, fields: readonly string[]): void {
  const [idText, privilegeList] = fields;
  const id = pve.parseRoleId(idText ?? "");
  if (!isFilled(idText) || !id.ok || draft.release.builtInRoles.has(id.value)) return;
  const privileges = getOrAdd(draft.roles, id.value, () => new Set<Privilege>());
  for (const word of splitList(privilegeList)) {
    const privilege = pve.parsePrivilege(word);
    if (privilege.ok && draft.release.privileges.has(privilege.value)) privileges.add(privilege.value);
  }
}

/** `acl:PROPAGATE:PATH:SUBJECT,…:ROLE,…:` A later line for the same path, subject and role has the last word. */
export function readAcl(draft: Draft, fields: readonly string[]): void {
  const [propagate, pathText = "", subjectList, roleList] = fields;
  if (!/^[A-Za-z0-9._/-]*$/u.test(pathText)) return;
  const path = pve.normalizeAclPath(pathText);
  const roles = splitList(roleList).flatMap((word) => knownRole(draft, word));
  if (roles.length === 0) return;
  for (const subject of splitList(subjectList).flatMap((word) => subjectFrom(draft, word))) {
    const node = getOrAdd(draft.acl, path, () => new Map<SubjectKey, DraftGrants>());
    const grants = getOrAdd(node, subjectKey(subject), (): DraftGrants => ({ subject, roles: new Map() }));
    for (const role of roles) grants.roles.set(role, isFilled(propagate));
  }
}

function knownRole(draft: Draft, word: string): RoleId[] {
  const id = pve.parseRoleId(word);
  if (!isFilled(word) || !id.ok) return [];
  return draft.roles.has(id.value) || draft.release.builtInRoles.has(id.value) ? [id.value] : [];
}

/** Groups and users need not exist, tokens must: an entry of a token that is gone is dead text. */
function subjectFrom(draft: Draft, word: string): Subject[] {
  const name = word.startsWith("@") ? word.slice(1) : "";
  const group = pve.parseGroupId(name);
  if (isFilled(name) && group.ok) return [{ kind: "group", id: group.value }];
  const user = pve.parseUserId(word);
  if (user.ok) return [{ kind: "user", id: user.value }];
  const token = pve.parseTokenId(word);
  if (!token.ok) return [];
  return draft.users.get(ownerOf(token.value))?.tokens.has(token.value) === true
    ? [{ kind: "token", id: token.value }]
    : [];
}
