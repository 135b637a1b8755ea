// In: the text of domains.cfg, or who there is where nobody has it. Out: the realms. Must not know: files, the API.

import type { Realm } from "../model/access-state.ts";
import { realmOf, type RealmId, type UserId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { sortedBy } from "../support/compare.ts";
import { decodeText } from "./text.ts";

type Realms = ReadonlyMap<RealmId, Realm>;

/** Sections `TYPE: REALM`, each with options on lines of their own. `pam` and `pve` are there whatever it says. */
export function parseDomains(text: string): Realms {
  const realms: Realm[] = [];
  for (const line of text.split("\n")) {
    const [, type, name = ""] = /^([a-z]+):\s*(\S+)\s*$/u.exec(line) ?? [];
    const id = pve.parseRealmId(name);
    if (type !== undefined && id.ok) realms.push({ id: id.value, type, comment: "" });
    const last = realms.at(-1);
    const [, comment] = /^\s+comment\s+(.*\S)\s*$/u.exec(line) ?? [];
    if (last !== undefined && comment !== undefined)
      realms.splice(-1, 1, { ...last, comment: decodeText(comment) ?? "" });
  }
  return withBuiltIn(realms);
}

/**
 * Without the file: the realms that users are of. A server has each of `pam` and `pve` once, so any other one is a
 * directory's; which type of directory makes no difference to who owns its users.
 */
export function realmsOfUsers(users: Iterable<UserId>): Realms {
  const ids = new Set([...users].map(realmOf));
  return withBuiltIn([...ids].map((id) => ({ id, type: "ldap", comment: "" })));
}

function withBuiltIn(realms: readonly Realm[]): Realms {
  const all = new Map(realms.map((realm) => [realm.id, realm]));
  for (const type of pve.builtInRealms) {
    // Proof: the product's own name, in its own spelling.
    const id = type as RealmId;
    all.set(id, { id, type, comment: all.get(id)?.comment ?? "" });
  }
  return new Map(sortedBy(all, ([id]) => id));
}
