// How user.cfg packs lists and free texts into fields. The server is written in Perl, and so are these rules.

const blank = "[\\t\\n\\v\\f\\r ]";
const outerBlanks = new RegExp(`^${blank}+|${blank}+$`, "gu");
const listSeparator = new RegExp(`(?:${blank}|[,;])+`, "u");

/** Without the blanks at both ends; no others than ASCII's count. */
export function trimBlanks(text: string): string {
  return text.replace(outerBlanks, "");
}

/** False as Perl sees it: what tests a field for truth takes "0" for empty. */
export function isFilled(field: string | undefined): field is string {
  return field !== undefined && field !== "" && field !== "0";
}

/** The fields of a line; empty ones at its end are not there at all. */
export function splitFields(line: string): string[] {
  const fields = line.split(":");
  while (fields.at(-1) === "") fields.pop();
  return fields.map(trimBlanks);
}

/** A list has commas, semicolons or blanks between its words, or, where it holds a NUL, nothing but NULs. */
export function splitList(field: string | undefined): string[] {
  if (!isFilled(field)) return [];
  return field.split(field.includes("\0") ? "\0" : listSeparator).filter((word) => word !== "");
}

/** Percent-encodes all but printable ASCII, and the two signs of the file's own: colon and percent. */
export function encodeText(text: string | undefined): string {
  if (!isFilled(text)) return "";
  return text.replace(/[^ -~]+|[:%]/gu, (part) =>
    [...Buffer.from(part, "utf8")]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

/** The text of a field, undefined where it is empty. Bytes that are no UTF-8 become U+FFFD. */
export function decodeText(field: string | undefined): string | undefined {
  if (!isFilled(field)) return undefined;
  const bytes = field.replace(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const unsignedLimit = 2 ** 64;

/** A whole number that is not negative, or undefined; nothing is zero. */
export function parseCount(field: string | undefined): number | undefined {
  if (!isFilled(field)) return 0;
  return /^[0-9]+$/u.test(field) ? Number(field) : undefined;
}

/** From 2^64 on the server writes 1e+20 and the like, which it will not read again: an expiry too far loses its user. */
export function formatCount(count: number): string {
  if (count < unsignedLimit) return BigInt(count).toString();
  const [mantissa = "", exponent = ""] = count.toExponential(14).split("e");
  return `${String(Number(mantissa))}e${exponent}`;
}
