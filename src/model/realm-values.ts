// In: an option's value as a manifest or a server writes it. Out: its one spelling, so that equal settings are equal texts.

import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { charactersOf } from "../support/printable.ts";
import type { Setting } from "./access-state.ts";
import { parsePairs, parseProperties, withoutUnknown } from "./realm-properties.ts";
import type { OptionForm, RealmOption } from "./realm-rules.ts";
import {
  isList,
  parseChoice,
  parseFlag,
  parseInteger,
  wordSetting,
  type Form,
  type WrittenValue,
} from "./realm-scalars.ts";

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
