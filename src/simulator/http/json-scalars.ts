// The plain values of JSON, and the cursor that reads them.

/** A malformed text; thrown while one is read, caught in `perl-json.ts`. */
export class Malformed extends Error {}

export interface Cursor {
  readonly text: string;
  at: number;
}

export function skipBlanks(cursor: Cursor): void {
  while (/^[\t\n\r ]$/u.test(cursor.text[cursor.at] ?? "")) cursor.at++;
}

/** Steps over the sign where it is there. */
export function takes(cursor: Cursor, sign: string): boolean {
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at++;
  return true;
}

export function readNumber(cursor: Cursor): number {
  const start = cursor.at;
  takes(cursor, "-");
  if (takes(cursor, "0")) {
    if (takesDigits(cursor))
      throw new Malformed("malformed number (leading zero must not be followed by another digit)");
  } else if (!takesDigits(cursor)) throw new Malformed("malformed number (no digits after initial minus)");
  if (takes(cursor, ".") && !takesDigits(cursor))
    throw new Malformed("malformed number (no digits after decimal point)");
  if (takes(cursor, "e") || takes(cursor, "E")) {
    if (!takes(cursor, "+")) takes(cursor, "-");
    if (!takesDigits(cursor)) throw new Malformed("malformed number (no digits after exp sign)");
  }
  return Number(cursor.text.slice(start, cursor.at));
}

function takesDigits(cursor: Cursor): boolean {
  const start = cursor.at;
  while (/^[0-9]$/u.test(cursor.text[cursor.at] ?? "")) cursor.at++;
  return cursor.at > start;
}

export function readText(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at++;
  while (cursor.text[cursor.at] !== '"') skipCharacter(cursor);
  cursor.at++;
  const value: unknown = JSON.parse(cursor.text.slice(start, cursor.at));
  return String(value);
}

/** One character of a text, or its escape. */
function skipCharacter(cursor: Cursor): void {
  const rest = cursor.text.slice(cursor.at, cursor.at + 6);
  if (rest === "") throw new Malformed("unexpected end of string while parsing JSON string");
  const code = rest.charCodeAt(0);
  if (code < 0x20) {
    const hex = code.toString(16).toUpperCase().padStart(2, "0");
    throw new Malformed(`invalid character 0x${hex} encountered while parsing JSON string`);
  }
  const escape = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/u.exec(rest)?.[0];
  if (rest.startsWith("\\") && escape === undefined)
    throw new Malformed("illegal backslash escape sequence in string");
  cursor.at += escape?.length ?? 1;
}
