// JSON bodies, read with the real server's parser in mind: what it says of a malformed one is the answer's text.

import type { Json } from "../json.ts";
import { Malformed, readNumber, readText, skipBlanks, takes, type Cursor } from "./json-scalars.ts";

export type ParsedJson =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

const noValue = "malformed JSON string, neither tag, array, object, number, string or atom";
const deepest = 512;

/** Reads one value; the problem has the words of Perl's JSON::XS, without the place in the server's code. */
export function parsePerlJson(text: string): ParsedJson {
  const cursor: Cursor = { text, at: 0 };
  try {
    skipBlanks(cursor);
    const value = readValue(cursor, 0);
    skipBlanks(cursor);
    if (cursor.at < text.length) throw new Malformed("garbage after JSON object");
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const offset = Array.from(text.slice(0, cursor.at)).length;
    const before = shownStart(text.slice(cursor.at));
    return { ok: false, problem: `${error.message}, at character offset ${offset} (before "${before}")` };
  }
}

const mnemonics: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\u0007": "\\a",
  "\\": "\\\\",
};

/** The next twenty characters or so, as Perl shows them. */
function shownStart(rest: string): string {
  if (rest === "") return "(end of string)";
  let shown = "";
  for (const character of rest) {
    if (shown.length >= 20) return `${shown}...`;
    const code = (character.codePointAt(0) ?? 0).toString(16);
    shown += mnemonics[character] ?? (/^[ -~]$/u.test(character) ? character : `\\x{${code}}`);
  }
  return shown;
}

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > deepest)
    throw new Malformed("json text or perl structure exceeds maximum nesting level (max_depth set too low?)");
  const sign = cursor.text[cursor.at] ?? "";
  if (sign === '"') return readText(cursor);
  if (sign === "[") return readArray(cursor, depth);
  if (sign === "{") return readObject(cursor, depth);
  if (/^[-0-9]$/u.test(sign)) return readNumber(cursor);
  if (sign === "t") return readWord(cursor, "true", true);
  if (sign === "f") return readWord(cursor, "false", false);
  if (sign === "n") return readWord(cursor, "null", null);
  throw new Malformed(noValue);
}

function readWord(cursor: Cursor, word: string, value: boolean | null): Json {
  if (!cursor.text.startsWith(word, cursor.at)) throw new Malformed(`'${word}' expected`);
  cursor.at += word.length;
  return value;
}

function readArray(cursor: Cursor, depth: number): Json {
  const values: Json[] = [];
  cursor.at++;
  skipBlanks(cursor);
  if (takes(cursor, "]")) return values;
  for (;;) {
    values.push(readValue(cursor, depth + 1));
    skipBlanks(cursor);
    if (takes(cursor, "]")) return values;
    if (!takes(cursor, ",")) throw new Malformed(", or ] expected while parsing array");
    skipBlanks(cursor);
  }
}

function readObject(cursor: Cursor, depth: number): Json {
  const fields = new Map<string, Json>();
  cursor.at++;
  skipBlanks(cursor);
  if (takes(cursor, "}")) return {};
  for (;;) {
    if (cursor.text[cursor.at] !== '"') throw new Malformed("'\"' expected");
    const key = readText(cursor);
    skipBlanks(cursor);
    if (!takes(cursor, ":")) throw new Malformed("':' expected");
    skipBlanks(cursor);
    fields.set(key, readValue(cursor, depth + 1));
    skipBlanks(cursor);
    if (takes(cursor, "}")) return Object.fromEntries(fields);
    if (!takes(cursor, ",")) throw new Malformed(", or } expected while parsing object/hash");
    skipBlanks(cursor);
  }
}
