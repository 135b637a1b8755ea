// In: the text of domains.cfg, or who there is where nobody has it. Out: the realms. Must not know: files, the API.

import type { Realm, Setting } from "../model/access-state.ts";
import { realmOf, type RealmId, type UserId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { settingFrom } from "../model/realm-values.ts";
import { sortedBy } from "../support/compare.ts";
import { decodeText } from "./text.ts";

type Realms = ReadonlyMap<RealmId, Realm>;

/** Sections `TYPE: REALM`, each with options on lines of their own. `pam` and `pve` are there whatever it says. */
export function parseDomains(text: string): Realms {
  const realms: { readonly id: RealmId; readonly type: string; readonly settings: [string, string][] }[] = [];
  for (const line of text.split("\n")) {
    const [, type, name = ""] = /^([a-z]+):\s*(\S+)\s*$/u.exec(line) ?? [];
    const id = pve.parseRealmId(name);
    if (type !== undefined && id.ok) realms.push({ id: id.value, type, settings: [] });
    const [, option, value = ""] = /^\s+(\S+)(?:\s+(.*\S))?\s*$/u.exec(line) ?? [];
    if (option !== undefined) realms.at(-1)?.settings.push([option, value]);
  }
  const known = new Map(realms.map(({ id, type, settings }) => [id, realmFrom(id, type, settings)]));
  const builtIn = [...pve.builtInRealms].map((type): [RealmId, Realm] => {
    // Proof: the product's own name, in its own spelling.
    const id = type as RealmId;
    const { comment, ...realm } = known.get(id) ?? realmFrom(id, type, []);
    return [id, { ...realm, comment: comment || (pve.realms.builtInComments.get(id) ?? "") }];
  });
  return new Map(sortedBy([...known, ...builtIn], ([id]) => id));
}

/** A secret that stands there goes no further, as over the API. */
function realmFrom(id: RealmId, type: string, settings: readonly (readonly [string, string])[]): Realm {
  const given = new Map(settings);
  const secrets = pve.realms.secrets.get(type) ?? [];
  const options = settings.flatMap(([name, text]): (readonly [string, Setting])[] => {
    const option = pve.realms.options.get(name);
    if (option === undefined || secrets.includes(name)) return [];
    return [[name, settingFrom(option, text)]];
  });
  return {
    id,
    type,
    comment: decodeText(given.get("comment") ?? "") ?? "",
    ...(given.get("default") === "1" && { isDefault: true as const }),
    options: Object.fromEntries(sortedBy(options, ([name]) => name)),
  };
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
