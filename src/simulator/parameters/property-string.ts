// Options that hold several values in one text: `type=oath,digits=6`.

import type { Format, ParameterTable } from "./schema.ts";
import { absenceProblem, problemOf } from "./verify.ts";

export type Properties = ReadonlyMap<string, string>;

/** The format of such a text; the name is that of the option, which the words for a wrong value carry. */
export function propertyFormat(name: string, table: ParameterTable): Format {
  return (value) => {
    const parsed = parseProperties(value, table);
    if (typeof parsed === "string") return parsed;
    const problems = Object.entries(table).flatMap(([key, schema]) => {
      const given = parsed.get(key);
      const problem = given === undefined ? absenceProblem(schema) : problemOf(given, schema);
      return problem === undefined ? [] : [`${name}.${key}: ${problem}`];
    });
    return problems.length === 0 ? undefined : ["format error", ...problems].join("\n");
  };
}

/** The values by their keys, or what is wrong with the text as such. */
export function parseProperties(text: string, table: ParameterTable): Properties | string {
  const properties = new Map<string, string>();
  for (const part of text.split(",").filter((word) => word.trim() !== "")) {
    const [, key, value] = /^\s*([^=]+?)\s*=(.*)$/su.exec(part) ?? [];
    if (key === undefined || value === undefined)
      return "value without key, but schema does not define a default key";
    if (properties.has(key)) return `duplicate key in comma-separated list property: ${key}`;
    if (!Object.hasOwn(table, key)) return `invalid key in comma-separated list property: ${key}`;
    properties.set(key, value);
  }
  return properties;
}

export function writeProperties(properties: Properties): string {
  return [...properties]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
