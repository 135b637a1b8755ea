// What a call wants stored of a realm.

import { parseProperties, writeProperties } from "../parameters/property-string.ts";
import { realmOptions, type RealmTypeOptions } from "../files/realm-options.ts";
import { syncDefaults } from "./realm-parameters.ts";
import { failure } from "../refusal.ts";
import type { Parameters } from "../parameters/schema.ts";

/** What is stored of the parameters, in the order of the table. */
export function givenOptions(parameters: Parameters): ReadonlyMap<string, string> {
  const others = new Set(["realm", "type", "delete", "digest", "password", "check-connection"]);
  return new Map(
    [...parameters]
      .filter(([name]) => !others.has(name))
      .map(([name, value]) => [name, name === "sync-defaults-options" ? normalizeSync(value) : value]),
  );
}

/** `full` and `purge` are old words for what is to vanish with the directory's entry. */
function normalizeSync(text: string): string {
  const parsed = parseProperties(text, syncDefaults);
  if (typeof parsed === "string") return text;
  const vanished = [
    ...(parsed.get("full") === "1" ? ["entry", "properties"] : []),
    ...(parsed.get("purge") === "1" ? ["acl"] : []),
  ].join(";");
  const kept = [...parsed].filter(([key]) => key !== "full" && key !== "purge");
  const adds = vanished !== "" && !parsed.has("remove-vanished");
  return writeProperties(new Map([...kept, ...(adds ? [["remove-vanished", vanished] as const] : [])]));
}

/** Refuses what the type does not have and what the file cannot hold. */
export function checkOptions(type: string, given: ReadonlyMap<string, string>): RealmTypeOptions {
  const table = realmOptions(type);
  if (table === undefined) throw failure(`unknown section type '${type}'`);
  for (const [name, value] of given) {
    if (!table.required.includes(name) && !table.optional.includes(name))
      throw failure(`unexpected property '${name}'`);
    if (/[\n\r]/u.test(value)) throw failure("property contains a line feed");
  }
  return table;
}
