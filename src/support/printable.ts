/**
 * Characters that a terminal obeys or hides in place of showing: controls, format characters (bidirectional overrides,
 * zero-width ones), lone surrogates, odd blanks and line ends, everything that fonts may draw as nothing.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** A text with each such character written in some way that can be read. */
export function replaceUnprintable(
  text: string,
  escape: (codePoint: number, character: string) => string,
): string {
  return text.replace(unprintable, (character) => escape(character.codePointAt(0) ?? 0, character));
}

/** A text as it may stand in a message: whatever a terminal would obey is written as `\u{…}`. */
export function printable(text: string): string {
  return replaceUnprintable(text, (code) => `\\u{${code.toString(16)}}`);
}

/** Like `printable`, but one character for one, so that columns stay where they are. */
export function printableInPlace(text: string): string {
  return replaceUnprintable(text.replace(/\t/gu, " "), () => "\u{FFFD}");
}

/** A text from outside, in quotes and of bearable length, for a message. */
export function quoted(text: string): string {
  const all = charactersOf(text);
  const short = all.length > 80 ? `${all.slice(0, 79).join("")}…` : text;
  return `"${printable(short)}"`;
}

/** What places count in: code points. */
export function charactersOf(text: string): string[] {
  return Array.from(text);
}
