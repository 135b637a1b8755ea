// In: the `data` of an answer, from a server that may be broken or hostile. Out: values of the model, or an ApiError
// that names the place. Must not know: plans, what is desired.

import { ApiError } from "../proxmox/api-error.ts";
import type { Parsed } from "../support/parsed.ts";

/** A value in an answer, with where it stands. */
export interface Json {
  readonly value: unknown;
  /** Of the request, below the base path. */
  readonly path: string;
  /** As `data[3].userid`. */
  readonly place: string;
}

export function answerOf(path: string, value: unknown): Json {
  return { value, path, place: "data" };
}

/** To be thrown: the value is not what the product's API answers. The value itself is not repeated. */
export function malformed({ path, place }: Json, expected: string): ApiError {
  return new ApiError("malformed", { method: "GET", path }, { words: `${place} is not ${expected}` });
}

/** Perl's empty list and its undefined one are both nothing. */
export function listOf(json: Json): readonly Json[] {
  if (json.value === null || json.value === undefined) return [];
  if (!Array.isArray(json.value)) throw malformed(json, "a list");
  return json.value.map((value: unknown, index) => ({
    value,
    path: json.path,
    place: `${json.place}[${index}]`,
  }));
}

/** Own fields only, each with its name. */
export function entriesOf(json: Json): readonly (readonly [string, Json])[] {
  const { value, path, place } = json;
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) throw malformed(json, "an object");
  return Object.entries(value).map(([name, field]: [string, unknown]) => [
    name,
    { value: field, path, place: `${place}.${name.slice(0, 64)}` },
  ]);
}

/** A field of an object; null counts as absent. */
export function fieldOf(json: Json, name: string): Json | undefined {
  const { value, path, place } = json;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(json, "an object");
  // Proof: neither null nor a list, so it came out of JSON.parse as an object with names and anything below them.
  const field = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return field === null || field === undefined
    ? undefined
    : { value: field, path, place: `${place}.${name}` };
}

export function requiredField(json: Json, name: string): Json {
  const field = fieldOf(json, name);
  if (field === undefined) throw malformed({ ...json, place: `${json.place}.${name}` }, "there");
  return field;
}

/** Absent is empty: the server does not store empty texts. A text of digits may come as a number. */
export function textOf(json: Json | undefined): string {
  if (json === undefined) return "";
  if (typeof json.value === "string") return json.value;
  if (typeof json.value === "number") return String(json.value);
  throw malformed(json, "a text");
}

/** 0 and 1, as number or text; newer endpoints say true and false. `absent` is the schema's default. */
export function flagOf(json: Json | undefined, absent: boolean): boolean {
  if (json === undefined) return absent;
  const { value } = json;
  if (value === 1 || value === "1" || value === true) return true;
  if (value === 0 || value === "0" || value === "" || value === false) return false;
  throw malformed(json, "0 or 1");
}

/** Seconds since the epoch, as number or text; absent is 0. */
export function secondsOf(json: Json | undefined): number {
  if (json === undefined) return 0;
  const { value } = json;
  const digits = typeof value === "string" && /^\d{1,15}$/u.test(value);
  const seconds = digits ? Number(value) : value;
  if (typeof seconds === "number" && Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw malformed(json, "a number of seconds");
}

export function idOf<Id>(json: Json, parse: (text: string) => Parsed<Id>): Id {
  const id = parse(textOf(json));
  if (!id.ok) throw malformed(json, "an id of its kind");
  return id.value;
}

/** A list as one text, `a,b`, or as a list of texts; absent is empty. */
export function idsOf<Id>(json: Json | undefined, parse: (text: string) => Parsed<Id>): readonly Id[] {
  if (json === undefined) return [];
  if (Array.isArray(json.value)) return listOf(json).map((item) => idOf(item, parse));
  const texts = textOf(json).split(/[\s,;]+/u);
  return texts.filter((text) => text !== "").map((text) => idOf({ ...json, value: text }, parse));
}
