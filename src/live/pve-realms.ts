import type { Realm, RealmOptions, Setting, SyncJob } from "../model/access-state.ts";
import type { RealmId } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { settingFrom } from "../model/realm-values.ts";
import { sortedBy } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { entriesOf, fieldOf, flagOf, idOf, listOf, requiredField, textOf, type Json } from "./decode.ts";

/** GET /access/domains. A realm that was broken by hand comes without a type. */
export function realmsFrom(list: Json, product: Product): ReadonlyMap<RealmId, Realm> {
  const realms = listOf(list).map((row): Realm => ({
    id: idOf(requiredField(row, "realm"), product.parseRealmId),
    type: textOf(fieldOf(row, "type")),
    comment: textOf(fieldOf(row, "comment")),
    ...(flagOf(fieldOf(row, "default"), false) && { isDefault: true as const }),
  }));
  return new Map(sortedBy(realms, (realm) => realm.id).map((realm) => [realm.id, realm]));
}

/** What the list says too, what says where the options come from, and what no one is to see. */
const others = new Set(["comment", "default", "digest", "plugin", "realm", "type"]);

/** GET /access/domains/{realm}. The key of an OpenID client comes in clear: it goes no further than this. */
export function optionsFrom(answer: Json, type: string, product: Product): RealmOptions {
  const secrets = product.realms.secrets.get(type) ?? [];
  const settings = entriesOf(answer).flatMap(([name, field]): (readonly [string, Setting])[] => {
    if (others.has(name) || secrets.includes(name)) return [];
    const option = product.realms.options.get(name);
    const text = wordSetting(field);
    const setting = option === undefined ? text : settingFrom(option, text);
    return setting === "" ? [] : [[name, setting]];
  });
  return Object.fromEntries(sortedBy(settings, ([name]) => name));
}

/** Newer endpoints say true and false. */
function wordSetting(field: Json): string {
  if (typeof field.value === "boolean") return field.value ? "1" : "0";
  return field.value === null ? "" : textOf(field);
}

export function digestFrom(answer: Json): string {
  return textOf(requiredField(answer, "digest"));
}

/** GET /cluster/jobs/realm-sync: by realm, sorted by id. As documented, not as recorded. */
export function syncJobsFrom(list: Json, product: Product): ReadonlyMap<RealmId, readonly SyncJob[]> {
  const jobs = new Map<RealmId, SyncJob[]>();
  for (const row of listOf(list)) {
    const realm = idOf(requiredField(row, "realm"), product.parseRealmId);
    getOrAdd(jobs, realm, () => []).push({
      id: textOf(requiredField(row, "id")),
      schedule: textOf(fieldOf(row, "schedule")),
      scope: textOf(fieldOf(row, "scope")),
      removeVanished: vanishedFrom(textOf(fieldOf(row, "remove-vanished")), product),
      enabled: flagOf(fieldOf(row, "enabled"), true),
      ...enableNewFrom(fieldOf(row, "enable-new")),
      comment: textOf(fieldOf(row, "comment")),
    });
  }
  return new Map([...jobs].map(([realm, own]) => [realm, sortedBy(own, ({ id }) => id)]));
}

/** Where it is not there the realm's own defaults decide. */
function enableNewFrom(field: Json | undefined): Pick<SyncJob, "enableNew"> {
  return field === undefined ? {} : { enableNew: flagOf(field, true) };
}

/** In the order that manifests have, whatever it was written in. */
function vanishedFrom(text: string, { realms }: Product): string {
  const defaults = realms.options.get("sync-defaults-options");
  if (text === "" || text === "none" || defaults === undefined) return "none";
  return settingFrom(defaults, `remove-vanished=${text}`).toString().replace("remove-vanished=", "");
}
