// In: the text of user.cfg and what the server's release knows. Out: a UserCfg. Must not know: files, the API.
// Never fails: what the server ignores (with a word in its log) is ignored here.

import { emptyDraft, type LineReader } from "./draft.ts";
import { readAcl, readRole } from "./parse-grants.ts";
import { readPool } from "./parse-pools.ts";
import { readGroup, readToken, readUser } from "./parse-subjects.ts";
import type { Release } from "./release.ts";
import { splitFields, trimBlanks } from "./text.ts";
import type { UserCfg } from "./user-cfg.ts";

const readers: ReadonlyMap<string, LineReader> = new Map([
  ["user", readUser],
  ["token", readToken],
  ["group", readGroup],
  ["role", readRole],
  ["pool", readPool],
  ["acl", readAcl],
]);

/**
 * Reads from top to bottom: what a line refers to must stand above it, as it does in what the server writes. The text
 * holds one character a byte (read the file as latin1), as in the server: it writes an id such as ü@pve as one byte ü,
 * and packs free texts as UTF-8 of its own.
 */
export function parseUserCfg(text: string, release: Release): UserCfg {
  const draft = emptyDraft(release);
  for (const line of text.split("\n")) {
    const [kind = "", ...fields] = splitFields(trimBlanks(line));
    readers.get(kind)?.(draft, fields);
  }
  const { users, groups, roles, pools, acl } = draft;
  return { users, groups, roles, pools, acl };
}
