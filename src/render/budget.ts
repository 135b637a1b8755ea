import { countOf } from "./count.ts";

/** Bytes. A comment may have 65,536 characters on GitHub; this leaves room for what a pipeline writes around it. */
export const commentLimit = 59_999;

/** A part of a document that may be cut behind any of its lines. */
export interface Section {
  readonly open: readonly string[];
  readonly lines: readonly string[];
  readonly close: readonly string[];
  /** What a line is, for the count of those left out: `change`. */
  readonly noun: string;
  /** Bytes that it may take at most, so that a long one leaves room for those behind it. */
  readonly share: number;
}

/** Bytes for the two remarks on what was left out: of a section, and of sections. */
const reserve = 200;

/** The sections within so many bytes, the first ones first, whole or cut with a count of what is missing. */
export function fitSections(sections: readonly Section[], limit: number): string {
  const texts: string[] = [];
  let room = limit - reserve;
  let dropped = 0;
  for (const section of sections) {
    const text = fitSection(section, Math.min(section.share, room));
    if (text === undefined) dropped += 1;
    else texts.push(text);
    room -= text === undefined ? 0 : bytesOf(text);
  }
  const remark =
    dropped === 0 ? [] : [`_${countOf(dropped, "section")} left out: the plan is too long for a comment._\n`];
  return [...texts, ...remark].join("\n");
}

/** Undefined where there is room for none of its lines. */
function fitSection(section: Section, limit: number): string | undefined {
  const frame = bytesOf([...section.open, ...section.close].join("\n")) + reserve;
  const kept: string[] = [];
  let room = limit - frame;
  for (const line of section.lines) {
    room -= bytesOf(line) + 1;
    if (room < 0) break;
    kept.push(line);
  }
  if (kept.length === 0 && (section.lines.length > 0 || limit < frame)) return undefined;
  const missing = section.lines.length - kept.length;
  const remark = missing === 0 ? [] : ["", `_${countOf(missing, `more ${section.noun}`)} left out._`];
  return `${[...section.open, ...kept, ...remark, ...section.close].join("\n")}\n`;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8") + 1;
}
