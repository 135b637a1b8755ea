// Options that hold several values in one text: `key=value` with commas between.

import { compareText } from "../support/compare.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import type { Setting } from "./access-state.ts";
import {
  isList,
  parseChoice,
  parseFlag,
  parseInteger,
  wordSetting,
  type Form,
  type WrittenValue,
} from "./realm-scalars.ts";
import type { PropertyForm } from "./realm-rules.ts";

type Pair = readonly [key: string, value: string];

export function parsePairs(value: WrittenValue): Parsed<string> {
  const pairs = pairsIn(value);
  const isPair = ([key, attribute]: Pair): boolean =>
    /^\w+$/u.test(key) && /^[^,\s][^,\n\r]*$/u.test(attribute);
  if (pairs === undefined || pairs.length === 0 || !pairs.every(isPair))
    return unparsed("is not NAME=ATTRIBUTE with commas between, as email=mail,firstname=givenName");
  return uniquely(pairs, (all) => parsed(written(all)));
}

/** A stranger among the keys is not repeated: a secret that was written down may be one. */
export function parseProperties(
  { properties, required, variants, maximum }: Form<"properties">,
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
      if (form === undefined) return unparsed(`has a key that is not known; keys are ${keys.join(", ")}`);
      const setting = parseProperty(form, given);
      if (!setting.ok) return unparsed(`has an unfit ${key}: it ${setting.problem}`);
      kept.push([key, wordSetting(setting.value)]);
    }
    const variant = kept.find(([key]) => key === required)?.[1];
    if (required !== undefined && variant === undefined) return unparsed(`lacks ${required}`);
    const misfit = misfitOf(kept, variant, variants);
    if (misfit !== undefined) return unparsed(misfit);
    const text = written(kept);
    return maximum !== undefined && text.length > maximum
      ? unparsed(`is longer than ${maximum} characters`)
      : parsed(text);
  });
}

/** What does not go with the value of the first key. */
function misfitOf(
  pairs: readonly Pair[],
  variant: string | undefined,
  variants: Form<"properties">["variants"] = {},
): string | undefined {
  if (variant === undefined) return undefined;
  const { takes, needs } = variants[variant] ?? { takes: [], needs: [] };
  const lacking = needs.find((name) => !pairs.some(([key]) => key === name));
  if (lacking !== undefined) return `lacks ${lacking}, which ${variant} needs`;
  const others = Object.values(variants).flatMap((other) => other.takes);
  const stranger = pairs.find(([key]) => others.includes(key) && !takes.includes(key));
  return stranger && `has ${stranger[0]}, which is not of ${variant}`;
}

function parseProperty(form: PropertyForm, value: string): Parsed<Setting> {
  switch (form.kind) {
    case "flag":
      return parseFlag(value === "true" ? true : value === "false" ? false : value);
    case "integer":
      return parseInteger(form, value);
    case "choice":
      return parseChoice(form, value);
    case "text":
      return form.shape.fits(value) ? parsed(value) : unparsed(`is not ${form.shape.says}`);
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
    const pairs = parts
      .filter((part) => part !== "")
      .map((part): Pair => {
        const at = part.indexOf("=");
        return [at < 0 ? "" : part.slice(0, at).trim(), part.slice(at + 1).trim()];
      });
    return pairs.every(([key]) => key !== "") ? pairs : undefined;
  }
  if (typeof value !== "object" || isList(value)) return undefined;
  return Object.entries(value).map(([key, text]): Pair => [
    key,
    typeof text === "object" ? text.join(";") : wordSetting(text),
  ]);
}

function uniquely(pairs: readonly Pair[], go: (pairs: readonly Pair[]) => Parsed<string>): Parsed<string> {
  const seen = new Set<string>();
  for (const [key] of pairs) {
    if (seen.has(key)) return unparsed(`has ${key} twice`);
    seen.add(key);
  }
  return go(pairs);
}

/** The server sorts some of these texts and others not: here all are sorted. */
function written(pairs: readonly Pair[]): string {
  return [...pairs]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** A Yubico key is a secret that stands there in clear: it goes no further. */
export function withoutUnknown({ properties }: Form<"properties">, text: string): string {
  const pairs = pairsIn(text);
  if (pairs === undefined) return "";
  return written(pairs.filter(([key]) => Object.hasOwn(properties, key)));
}
