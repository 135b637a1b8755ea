// In: texts from servers, manifests and the command line, hostile ones included. Out: texts that can only be read:
// they move no cursor, hide nothing, and break out of no quotes, table or fold. Must not know: what they mean.

import { replaceUnprintable } from "../support/printable.ts";

const shortEscapes = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** One line in which every character can be seen. */
export function visible(text: string): string {
  return replaceUnprintable(text, escapeCharacter);
}

function escapeCharacter(code: number, character: string): string {
  const hex = code.toString(16);
  return shortEscapes.get(character) ?? (code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
}

/** A value between quotes, with an end that can't be forged. */
export function quoted(text: string): string {
  return `"${visible(text.replace(/["\\]/gu, "\\$&"))}"`;
}

/** The first `limit` characters, with how many more there are. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  const more = characters.length - limit;
  return `${characters.slice(0, limit).join("")}… (${more} more ${more === 1 ? "character" : "characters"})`;
}

/** JSON with two spaces and an end of line. Same value as JSON.stringify gives, in characters that can be shown. */
export function printableJson(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** The same in one line, without its end. */
export function printableLine(value: unknown): string {
  return escapeJson(JSON.stringify(value));
}

/** Ends of lines stand only between the values of JSON, never in them. */
function escapeJson(text: string): string {
  return replaceUnprintable(text, (_, character) =>
    character === "\n" ? character : character.replace(/[^]/g, escapeCodeUnit),
  );
}

function escapeCodeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A value in Markdown. Within a code span nothing is markup, and forges look for mentions, references and addresses
 * outside of code only. The three characters that could end the span, its table cell or the fold around it are written
 * as escapes, so that no parser has a choice.
 */
export function markdownCode(text: string): string {
  const content = visible(text).replace(/[`|<]/gu, (character) =>
    escapeCharacter(character.codePointAt(0) ?? 0, character),
  );
  return `\`${content === "" ? " " : content}\``;
}

/** A value within a line of HTML, where Markdown is not looked for. */
export function htmlCode(text: string): string {
  return `<code>${visible(text).replace(/[^\p{L}\p{N} ]/gu, entity)}</code>`;
}

function entity(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}
