// The door to a file of an audit log: opening, its end, and its lines.

import { constants, type Stats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { sealOf, tailOf, tornIn, type Tail } from "../apply/audit-chain.ts";
import { splitLines } from "../support/lines.ts";
import { errorCode } from "../support/error-code.ts";

const { O_RDWR, O_RDONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
// Non-blocking, because opening a pipe would otherwise wait for whoever reads from it.
const careful = O_NOFOLLOW | O_NONBLOCK;

/** Makes it where it is not there, for its owner only. */
export async function openLogFile(path: string): Promise<FileHandle> {
  return await regular(await open(path, O_RDWR | O_APPEND | O_CREAT | careful, 0o600));
}

export async function openToRead(path: string): Promise<FileHandle> {
  return await regular(await open(path, O_RDONLY | careful));
}

async function regular(file: FileHandle): Promise<FileHandle> {
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error("it is not a regular file");
}

/** A name is on the disk when its folder is. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface Ending {
  readonly size: number;
  readonly tail: Tail;
  /** The last line has its line end. */
  readonly isEnded: boolean;
  /** The last whole line is not what its hash says. */
  readonly isChanged: boolean;
}

/** More than any line takes. */
const longestEnd = 64 * 1024 * 1024;
/** A process that is killed leaves one. */
const mostTorn = 64;

/** What the next line follows; reads no more of the file than that takes. */
export async function readEnding(file: FileHandle): Promise<Ending> {
  const { size } = await file.stat();
  for (let length = Math.min(size, 64 * 1024); ; length = Math.min(size, length * 8)) {
    const bytes = await readAt(file, size - length, length);
    const lines = splitLines(bytes);
    const isAll = length === size;
    const tail = tailOf(lines) ?? (isAll ? { hash: undefined, torn: tornIn(lines) } : undefined);
    if (tail === undefined && length < longestEnd) continue;
    if (tail === undefined || tail.torn.length > mostTorn) throw new Error("it is not an audit log");
    const isEnded = size === 0 || bytes.at(-1) === 0x0a;
    // The first of these lines may have begun before them.
    return { size, tail, isEnded, isChanged: isLastChanged(isAll ? lines : lines.slice(1)) };
  }
}

function isLastChanged(lines: readonly Buffer[]): boolean {
  const seals = lines.flatMap((line) => sealOf(line) ?? []);
  const last = seals.at(-1);
  return last !== undefined && last.claimed !== last.actual;
}

interface FileLine {
  readonly bytes: Buffer;
  readonly isEnded: boolean;
}

const chunkBytes = 64 * 1024;

/** From a place on at which a line begins. */
export async function* linesFrom(file: FileHandle, start: number): AsyncGenerator<FileLine> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = start; ;) {
    const chunk = await readAt(file, position, chunkBytes);
    position += chunk.length;
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf("\n") + 1;
    for (const line of splitLines(bytes.subarray(0, end))) yield { bytes: line, isEnded: true };
    rest = bytes.subarray(end);
    if (chunk.length < chunkBytes) break;
  }
  if (rest.length > 0) yield { bytes: rest, isEnded: false };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** On the disk when it resolves. What a full disk cut off is taken back; where it can't be, the next line tells of it. */
export async function writeWhole(file: FileHandle, bytes: Buffer, before: number): Promise<void> {
  try {
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) throw Object.assign(new Error("a line was cut off"), { code: "ENOSPC" });
  } catch (error) {
    await file.truncate(before).catch(() => undefined);
    throw error;
  }
  await file.datasync();
}

/** Which file a path leads to, without following a link; undefined where there is none. */
export async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

export function isSameFile(one: Stats | undefined, other: Stats): boolean {
  return one !== undefined && one.dev === other.dev && one.ino === other.ino;
}
