// Lines of users, tokens and groups. A later line for the same user replaces the earlier one with its tokens and
// memberships; a later line for the same token or group adds to the earlier one.

import { ownerOf } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Draft, DraftGroup, DraftUser } from "./draft.ts";
import { decodeText, isFilled, parseCount, splitList } from "./text.ts";

/** `user:ID:ENABLE:EXPIRE:FIRST NAME:LAST NAME:EMAIL:COMMENT:KEYS:` */
export function readUser(draft: Draft, fields: readonly string[]): void {
  const [idText = "", enable, expireText] = fields;
  const id = pve.parseUserId(idText);
  const expire = parseCount(expireText);
  if (!id.ok || expire === undefined) return;
  draft.users.set(id.value, { ...userTexts(fields.slice(3)), ...emptyUser(isFilled(enable), expire) });
}

function emptyUser(enabled: boolean, expire: number): DraftUser {
  return { enabled, expire, tokens: new Map(), groups: new Set() };
}

function userTexts([first, last, email, note, keys]: readonly string[]): Partial<DraftUser> {
  const [firstName, lastName, comment] = [decodeText(first), decodeText(last), decodeText(note)];
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && { email }),
    ...(comment !== undefined && { comment }),
    ...(isFilled(keys) && { keys }),
  };
}

/** `token:ID:EXPIRE:SEPARATED:COMMENT:` */
export function readToken(draft: Draft, fields: readonly string[]): void {
  const [idText = "", expireText, separated, note] = fields;
  const id = pve.parseTokenId(idText);
  const expire = parseCount(expireText);
  if (!id.ok || expire === undefined) return;
  const tokens = draft.users.get(ownerOf(id.value))?.tokens;
  const comment = decodeText(note) ?? tokens?.get(id.value)?.comment;
  tokens?.set(id.value, {
    privilegeSeparation: isFilled(separated),
    expire,
    ...(comment !== undefined && { comment }),
  });
}

/** `group:ID:MEMBER,…:COMMENT:` */
export function readGroup(draft: Draft, fields: readonly string[]): void {
  const [idText, memberList, note] = fields;
  const id = pve.parseGroupId(idText ?? "");
  if (!isFilled(idText) || !id.ok) return;
  const group = getOrAdd(draft.groups, id.value, (): DraftGroup => ({ members: new Set() }));
  const comment = decodeText(note);
  if (comment !== undefined) group.comment = comment;
  for (const word of splitList(memberList)) {
    const member = pve.parseUserId(word);
    if (!member.ok) continue;
    group.members.add(member.value);
    draft.users.get(member.value)?.groups.add(id.value);
  }
}
