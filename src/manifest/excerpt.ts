import { charactersOf, printableInPlace } from "../support/printable.ts";
import type { Place } from "../support/place.ts";
import type { Span } from "./diagnostic.ts";
import type { SourceFile } from "./source-file.ts";
import type { Range } from "./tree.ts";

const maximumExcerpt = 160;
/** How far around a place a line is looked at: a file of one line may have millions of characters. */
const maximumUnits = 400;
const mask = "***";

/** Offsets at which lines begin. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last start that is not behind the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a person is shown of a range: its line, with secrets hidden, as much of it as fits. */
export function spanIn(
  file: SourceFile,
  starts: readonly number[],
  range: Range,
  secrets: readonly Range[],
): Span {
  const offset = Math.min(range.start, file.text.length);
  const index = lineAt(starts, offset);
  const line = lineRange(file.text, starts, index);
  const start = Math.min(offset, line.end);
  const window = {
    start: Math.max(line.start, start - maximumUnits),
    end: Math.min(line.end, start + maximumUnits),
  };
  const hidden = hiddenIn(file.text, window, secrets);
  const end = Math.min(Math.max(range.end, start), window.end);
  const inside = hidden.filter((secret) => secret.start < Math.max(end, start + 1) && secret.end > start);
  const from = Math.min(start, ...inside.map((secret) => secret.start));
  const to = Math.max(end, ...inside.map((secret) => secret.end));
  const before = shown(file.text, { start: window.start, end: from }, hidden);
  const marked = shown(file.text, { start: from, end: to }, hidden);
  const after = shown(file.text, { start: to, end: window.end }, hidden);
  return { place: placeIn(file, starts, range), ...cut(before, marked, after) };
}

/** Line and column of a range's beginning. */
export function placeIn(file: SourceFile, starts: readonly number[], range: Range): Place {
  const offset = Math.min(range.start, file.text.length);
  const index = lineAt(starts, offset);
  const line = lineRange(file.text, starts, index);
  const column = columnAt(file.text, line.start, Math.min(offset, line.end));
  return { file: file.name, line: index + 1, column };
}

/** In characters; in UTF-16 units where a line is so long that nobody counts. */
function columnAt(text: string, lineStart: number, offset: number): number {
  if (offset - lineStart > 10_000) return offset - lineStart + 1;
  return charactersOf(text.slice(lineStart, offset)).length + 1;
}

function lineRange(text: string, starts: readonly number[], index: number): Range {
  const start = starts[index] ?? 0;
  const next = starts[index + 1];
  const end = next === undefined ? text.length : next - 1;
  return { start, end: text[end - 1] === "\r" && end > start ? end - 1 : end };
}

/** The parts of a line that must not be shown: secrets, and what stands before the `@` of an address. */
function hiddenIn(text: string, line: Range, secrets: readonly Range[]): Range[] {
  const words = text.slice(line.start, line.end).matchAll(/(?<=:\/\/)[^\s/@"']+(?=@)/gu);
  const users = [...words].map(({ 0: word, index }) => ({
    start: line.start + index,
    end: line.start + index + word.length,
  }));
  return [...secrets, ...users]
    .filter(({ start, end }) => start < end && start < line.end && end > line.start)
    .map(({ start, end }) => ({ start: Math.max(start, line.start), end: Math.min(end, line.end) }))
    .sort((a, b) => a.start - b.start);
}

/** Characters, the hidden ones replaced. */
function shown(text: string, { start, end }: Range, hidden: readonly Range[]): string[] {
  let result = "";
  let at = start;
  for (const secret of hidden) {
    if (secret.end <= at || secret.start >= end) continue;
    result += printableInPlace(text.slice(at, Math.max(secret.start, at))) + mask;
    at = Math.min(secret.end, end);
  }
  return charactersOf(result + printableInPlace(text.slice(at, end)));
}

function cut(
  before: readonly string[],
  marked: readonly string[],
  after: readonly string[],
): Omit<Span, "place"> {
  const line = [...before, ...marked, ...after];
  if (line.length <= maximumExcerpt) {
    return { excerpt: line.join(""), caret: before.length, width: Math.max(marked.length, 1) };
  }
  const first = Math.max(0, Math.min(before.length - 60, line.length - maximumExcerpt));
  const last = first + maximumExcerpt;
  const width = Math.max(1, Math.min(marked.length, last - before.length));
  return {
    excerpt: `${first > 0 ? "…" : ""}${line.slice(first, last).join("")}${last < line.length ? "…" : ""}`,
    caret: before.length - first + (first > 0 ? 1 : 0),
    width,
  };
}
