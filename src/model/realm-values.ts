// In: an option's value as a manifest or a server writes it. Out: its one spelling, so that equal settings are equal texts.

import { compareText } from "../support/compare.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { charactersOf } from "../support/printable.ts";
import type { Setting } from "./access-state.ts";
import type { OptionForm, PropertyForm, RealmOption } from "./realm-rules.ts";

type Form<Kind extends OptionForm["kind"]> = Extract<OptionForm, { readonly kind: Kind }>;
type Pair = readonly [key: string, value: string];

/** What a manifest says: a scalar, a list, or a mapping for what holds several values in one text. */
export type WrittenValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, WrittenProperty>>;
type WrittenProperty = string | number | boolean | readonly string[];

/** The problem speaks of the value: `is not a host name`. */
export function parseSetting(form: OptionForm, value: WrittenValue): Parsed<Setting> {
  const text = typeof value === "object" ? undefined : textOf(value);
  if (text !== undefined && /[\n\r]/u.test(text))
    return unparsed("holds a line feed, which the server refuses");
  switch (form.kind) {
    case "flag":
      return parseFlag(value);
    case "integer":
      return parseInteger(form, value);
    case "choice":
      return parseChoice(form, value);
    case "text":
      return text === undefined ? unparsed("must be a text") : parseText(form, text);
    case "list":
      return parseList(form, value);
    case "pairs":
      return parsePairs(value);
    case "properties":
      return parseProperties(form, value);
  }
}

/** What a server has stored, in the same spelling; what has none here stays as it is. */
export function settingFrom({ form }: Pick<RealmOption, "form">, text: string): Setting {
  const known = form.kind === "properties" ? withoutUnknown(form, text) : text;
  const setting = parseSetting(form, known);
  return setting.ok ? setting.value : known;
}

function textOf(value: string | number | boolean): string {
  return wordSetting(value).trim();
}

/** As the wire has it. */
export function wordSetting(value: Setting): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value);
}

function parseFlag(value: WrittenValue | WrittenProperty): Parsed<boolean> {
  if (typeof value === "boolean") return parsed(value);
  if (value === 0 || value === 1 || value === "0" || value === "1") return parsed(Number(value) === 1);
  return unparsed("must be true or false");
}

function parseInteger(
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  value: WrittenValue | WrittenProperty,
): Parsed<number> {
  const number = typeof value === "string" && /^\d{1,9}$/u.test(value) ? Number(value) : value;
  const fits =
    typeof number === "number" && Number.isInteger(number) && number >= minimum && number <= maximum;
  return fits ? parsed(number) : unparsed(`must be a whole number from ${minimum} to ${maximum}`);
}

function parseChoice(
  { values, otherwise }: { readonly values: readonly string[]; readonly otherwise?: string },
  value: WrittenValue | WrittenProperty,
): Parsed<string> {
  if (typeof value === "string" && values.includes(value)) return parsed(value);
  return unparsed(
    otherwise === undefined ? `must be one of ${values.join(", ")}` : `can't be this: ${otherwise}`,
  );
}

function parseText({ maximum, shape }: Form<"text">, text: string): Parsed<string> {
  if (maximum !== undefined && charactersOf(text).length > maximum)
    return unparsed(`is longer than ${maximum} characters`);
  if (shape !== undefined && !shape.fits(text)) return unparsed(`is not ${shape.says}`);
  return parsed(text);
}

function parseList({ member }: Form<"list">, value: WrittenValue): Parsed<string> {
  const members = membersOf(value);
  if (members === undefined) return unparsed("must be a list of names");
  const wrong = members.find((one) => !member.fits(one));
  return wrong === undefined
    ? parsed(members.join(","))
    : unparsed(`holds ${wrong}, which is not ${member.says}`);
}

function membersOf(value: WrittenValue): readonly string[] | undefined {
  if (typeof value === "string") return value.split(/[\s,;]+/u).filter((word) => word !== "");
  return isList(value) ? value : undefined;
}

// A type guard of its own, since Array.isArray forgets that a list is readonly.
function isList(value: WrittenValue | WrittenProperty): value is readonly string[] {
  return Array.isArray(value);
}

function parsePairs(value: WrittenValue): Parsed<string> {
  const pairs = pairsIn(value);
  const isPair = ([key, attribute]: Pair): boolean => /^\w+$/u.test(key) && /^[^,\s][^,]*$/u.test(attribute);
  if (pairs === undefined || pairs.length === 0 || !pairs.every(isPair))
    return unparsed("is not NAME=ATTRIBUTE with commas between, as email=mail,firstname=givenName");
  return uniquely(pairs, (all) => parsed(written(all)));
}

function parseProperties(
  { properties, required, maximum }: Form<"properties">,
  value: WrittenValue,
): Parsed<string> {
  const keys = Object.keys(properties);
  const pairs = pairsIn(value);
  if (pairs === undefined)
    return unparsed(`is not KEY=VALUE with commas between; keys are ${keys.join(", ")}`);
  return uniquely(pairs, (all) => {
    const kept: Pair[] = [];
    for (const [key, given] of all) {
      const form = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (form === undefined) return unparsed(`has no ${key}; keys are ${keys.join(", ")}`);
      const setting = parseProperty(form, given);
      if (!setting.ok) return unparsed(`has a ${key} that ${setting.problem}`);
      kept.push([key, wordSetting(setting.value)]);
    }
    if (required !== undefined && !kept.some(([key]) => key === required))
      return unparsed(`lacks ${required}`);
    const text = written(kept);
    return maximum !== undefined && text.length > maximum
      ? unparsed(`is longer than ${maximum} characters`)
      : parsed(text);
  });
}

function parseProperty(form: PropertyForm, value: string): Parsed<Setting> {
  switch (form.kind) {
    case "flag":
      return parseFlag(value === "true" ? true : value === "false" ? false : value);
    case "integer":
      return parseInteger(form, value);
    case "choice":
      return parseChoice(form, value);
    case "set": {
      const members = value.split(/[;\s,]+/u).filter((word) => word !== "");
      if (members.join() === "none") return parsed("none");
      const isKnown = members.length > 0 && members.every((member) => form.values.includes(member));
      return isKnown
        ? parsed(form.values.filter((known) => members.includes(known)).join(";"))
        : unparsed(`must be none, or any of ${form.values.join(", ")} with ; between`);
    }
  }
}

/** `a=b, c=d`, or the same as a mapping, whose lists are joined as the server joins them. */
function pairsIn(value: WrittenValue): readonly Pair[] | undefined {
  if (typeof value === "string") {
    const parts = value.split(",").map((part) => part.trim());
    const pairs = parts.filter((part) => part !== "").map((part) => /^([^=]+?)\s*=\s*(.*)$/su.exec(part));
    return pairs.every((pair) => pair !== null)
      ? pairs.map(([, key = "", text = ""]): Pair => [key, text])
      : undefined;
  }
  if (typeof value !== "object" || isList(value)) return undefined;
  return Object.entries(value).map(([key, text]): Pair => [
    key,
    typeof text === "object" ? text.join(";") : wordSetting(text),
  ]);
}

function uniquely(pairs: readonly Pair[], go: (pairs: readonly Pair[]) => Parsed<string>): Parsed<string> {
  const keys = pairs.map(([key]) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice === undefined ? go(pairs) : unparsed(`has ${twice} twice`);
}

/** The server sorts some of these texts and others not: here all are sorted. */
function written(pairs: readonly Pair[]): string {
  return [...pairs]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** A Yubico key is a secret that stands there in clear: it goes no further. */
function withoutUnknown({ properties }: Form<"properties">, text: string): string {
  const pairs = pairsIn(text);
  if (pairs === undefined) return "";
  return written(pairs.filter(([key]) => Object.hasOwn(properties, key)));
}
