// In: one value as a manifest or a server writes it. Out: its one spelling. Must not know: which option it is of.

import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import type { Setting } from "./access-state.ts";
import type { OptionForm } from "./realm-rules.ts";

export type Form<Kind extends OptionForm["kind"]> = Extract<OptionForm, { readonly kind: Kind }>;

/** What a manifest says: a scalar, a list, or a mapping for what holds several values in one text. */
export type WrittenValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, WrittenProperty>>;
export type WrittenProperty = string | number | boolean | readonly string[];

/** As the wire has it. */
export function wordSetting(value: Setting): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value);
}

export function parseFlag(value: WrittenValue | WrittenProperty): Parsed<boolean> {
  if (typeof value === "boolean") return parsed(value);
  if (value === 0 || value === 1 || value === "0" || value === "1") return parsed(Number(value) === 1);
  return unparsed("must be true or false");
}

export function parseInteger(
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  value: WrittenValue | WrittenProperty,
): Parsed<number> {
  const number = typeof value === "string" && /^\d{1,9}$/u.test(value) ? Number(value) : value;
  const fits =
    typeof number === "number" && Number.isInteger(number) && number >= minimum && number <= maximum;
  return fits ? parsed(number) : unparsed(`must be a whole number from ${minimum} to ${maximum}`);
}

export function parseChoice(
  { values }: { readonly values: readonly string[] },
  value: WrittenValue | WrittenProperty,
): Parsed<string> {
  if (typeof value === "string" && values.includes(value)) return parsed(value);
  return unparsed(`must be one of ${values.join(", ")}`);
}

// A type guard of its own, since Array.isArray forgets that a list is readonly.
export function isList(value: WrittenValue | WrittenProperty): value is readonly string[] {
  return Array.isArray(value);
}
