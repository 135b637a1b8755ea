// The options of a realm as a person would write them: flags as such, lists and mappings in place of the server's text.

import type { Realm, Setting } from "../model/access-state.ts";
import type { OptionForm, PropertyForm, RealmRules } from "../model/realm-rules.ts";
import type { WrittenValue } from "../model/realm-scalars.ts";
import { parseSetting } from "../model/realm-values.ts";
import { sortedBy } from "../support/compare.ts";
import type { SpecOf } from "./exported.ts";
import type { Said } from "./sayable.ts";

type Options = NonNullable<SpecOf<"Realm">["options"]>;

/** What guards is always written; of the others what says only what its absence says is left out. */
const guards: ReadonlyMap<string, readonly string[]> = new Map([
  ["ldap", ["verify"]],
  ["ad", ["verify"]],
  ["openid", ["autocreate"]],
]);

export function sayOptions(
  { type, options = {} }: Realm,
  { options: known }: RealmRules,
): Said<{ readonly options?: Options }> {
  const guarding = guards.get(type) ?? [];
  const said = new Map<string, WrittenValue>();
  const unsaid: string[] = [];
  for (const name of guarding) {
    const otherwise = known.get(name)?.otherwise;
    if (otherwise !== undefined) said.set(name, otherwise);
  }
  for (const [name, setting] of Object.entries(options)) {
    const option = known.get(name);
    if (option !== undefined && setting === option.otherwise) continue;
    const written = option?.types.includes(type) ? writtenFrom(option.form, setting) : undefined;
    if (written === undefined) unsaid.push(name);
    else said.set(name, written);
  }
  return {
    fields: said.size === 0 ? {} : { options: optionsOf(said) },
    remarks: unsaid.map((name) => `${name} is left alone: no manifest can say what the server has there`),
  };
}

function optionsOf(said: ReadonlyMap<string, WrittenValue>): Options {
  return Object.fromEntries(sortedBy(said, ([name]) => name));
}

/** Undefined where no manifest can say it: what is written must be read as what is there. */
function writtenFrom(form: OptionForm, setting: Setting): WrittenValue | undefined {
  const written = shapedBy(form, setting);
  const again = parseSetting(form, written);
  return again.ok && again.value === setting ? written : undefined;
}

function shapedBy(form: OptionForm, setting: Setting): WrittenValue {
  if (typeof setting !== "string") return setting;
  switch (form.kind) {
    case "list":
      return setting.split(",");
    case "pairs":
      return Object.fromEntries(pairsOf(setting));
    case "properties":
      return Object.fromEntries(
        pairsOf(setting).map(([key, text]) => [key, propertyFrom(form.properties[key], text)]),
      );
    case "flag":
    case "integer":
    case "choice":
    case "text":
      return setting;
  }
}

function pairsOf(setting: string): readonly (readonly [key: string, value: string])[] {
  return setting.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

function propertyFrom(form: PropertyForm | undefined, text: string): string | number | boolean | string[] {
  switch (form?.kind) {
    case "flag":
      return text === "1";
    case "integer":
      return Number(text);
    case "set":
      return text === "none" ? text : text.split(";");
    case "choice":
    case "text":
    case undefined:
      return text;
  }
}
