// In: a line and what stands before it. Out: its text, chained to that. Pure; where the text goes is the file's concern
// (docs/decisions/036).

import { createHash } from "node:crypto";

/** What the end of a log says to the line that comes next. */
export interface Tail {
  /** Of the last whole line; undefined where there is none. */
  readonly hash: string | undefined;
  /** Of each line after it that is not whole: a full disk or a killed process cut it off. */
  readonly torn: readonly string[];
}

export const emptyTail: Tail = { hash: undefined, torn: [] };

export interface Chained {
  /** With its line end. */
  readonly text: string;
  /** Of the text: what the next line names as `previous`. */
  readonly hash: string;
}

/** The hash is the last field and covers every byte of the line before it. */
export function chainLine(line: object, { hash: previous, torn }: Tail): Chained {
  const links = { ...(previous !== undefined && { previous }), ...(torn.length > 0 && { torn }) };
  const covered = JSON.stringify({ ...line, ...links }).slice(0, -1);
  const hash = hashOf(covered);
  return { text: `${covered},"hash":"${hash}"}\n`, hash };
}

export function hashOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of a line's end. Never inside of a string, where JSON escapes quotes. */
const seal = /,"hash":"([0-9a-f]{64})"\}/u;
const sealLength = ',"hash":""}'.length + 64;
const sealAtEnd = new RegExp(`${seal.source}$`, "u");

/** The hash that a whole line ends with, and the one that its bytes have; undefined where it is not whole. */
export function sealOf(line: Buffer): { readonly claimed: string; readonly actual: string } | undefined {
  // Latin-1 maps bytes to characters one to one, so that what is no UTF-8 is found, too.
  const claimed = sealAtEnd.exec(line.subarray(-sealLength).toString("latin1"))?.[1];
  if (claimed === undefined) return undefined;
  return { claimed, actual: hashOf(line.subarray(0, -sealLength)) };
}

/** Every line of a log begins so, and what was cut off of one. */
const opening = '{"formatVersion":1,';

export function isBegun(line: Buffer): boolean {
  const start = line.subarray(0, opening.length).toString("latin1");
  return start !== "" && opening.startsWith(start);
}

/** No write that was cut off leaves a line's end behind it. */
export function hasSeal(line: Buffer): boolean {
  return seal.test(line.toString("latin1"));
}

/** What the last lines of a log say to the next one; undefined where none of them is whole. */
export function tailOf(lines: readonly Buffer[]): Tail | undefined {
  const last = lines.findLastIndex((line) => sealOf(line) !== undefined);
  const whole = lines[last];
  if (whole === undefined) return undefined;
  return { hash: sealOf(whole)?.claimed, torn: tornIn(lines.slice(last + 1)) };
}

export function tornIn(lines: readonly Buffer[]): readonly string[] {
  return lines.map((line) => hashOf(line));
}
