// In: the bytes of a query or a body. Out: raw parameters, as the real server's HTTP side reads them.

import { decodeUtf8 } from "../bytes.ts";
import type { Json } from "../json.ts";
import { parsePerlJson } from "./perl-json.ts";
import { failure } from "../refusal.ts";
import type { RawParameters } from "../parameters/verify.ts";

const serverCode = "at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line";

/**
 * A form or a query, one character a byte. `&` and `;` both separate, `+` is a blank, an unencoded `=` ends the value,
 * a key without `=` is there without a value, and a repeated key becomes one text with a NUL between the values.
 */
export function parseForm(bytes: string): Map<string, Json> {
  const parameters = new Map<string, Json>();
  if (bytes === "") return parameters;
  for (const pair of withoutTrailingEmpty(bytes.split(/[&;]/u))) {
    const [key = "", value] = pair.split("=");
    const name = decodePercent(key.replaceAll("+", " "));
    if (value === undefined) {
      parameters.set(name, null);
      continue;
    }
    const text = decodeUtf8(decodePercent(value.replaceAll("+", " ")));
    const earlier = parameters.get(name);
    parameters.set(name, typeof earlier === "string" ? `${earlier}\0${text}` : text);
  }
  return parameters;
}

function withoutTrailingEmpty(parts: readonly string[]): readonly string[] {
  const last = parts.findLastIndex((part) => part !== "");
  return parts.slice(0, last + 1);
}

/** A JSON body. Refuses with the server's own words where it is malformed or no object. */
export function parseJsonBody(bytes: string): Map<string, Json> {
  const parsed = parsePerlJson(decodeUtf8(bytes));
  if (!parsed.ok) throw failure(`${parsed.problem} ${serverCode} 934.`);
  const { value } = parsed;
  if (value === null) return new Map();
  if (typeof value === "string" || typeof value === "number") {
    throw failure(
      `Can't use string ("${value}") as a HASH ref while "strict refs" in use ${serverCode} 978.`,
    );
  }
  if (typeof value === "boolean" || Array.isArray(value))
    throw failure(`Not a HASH reference ${serverCode} 978.`);
  return new Map(Object.entries(value).map(([key, field]) => [key, field ?? null]));
}

/** The query wins over the body; `_dc` is what browsers add against caches. */
export function mergeParameters(query: RawParameters, body: RawParameters): RawParameters {
  const merged = new Map([...body, ...query]);
  merged.delete("_dc");
  return merged;
}

/** `%41` to `A`; the result has one character a byte. */
export function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
