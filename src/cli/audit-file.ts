// The door to the files of an audit log: opening, the end of one, and those that were full and have a number.

import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, type FileHandle } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { emptyTail, tailOf, tornIn, type Tail } from "../apply/audit-chain.ts";
import { splitLines } from "../support/lines.ts";
import { errorCode } from "../support/error-code.ts";

const { O_RDWR, O_RDONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
// Non-blocking, because opening a pipe would otherwise wait for whoever reads from it.
const careful = O_NOFOLLOW | O_NONBLOCK;

/** Makes it where it is not there, for its owner only. */
export async function openLogFile(path: string): Promise<FileHandle> {
  return await regular(await open(path, O_RDWR | O_APPEND | O_CREAT | careful, 0o600));
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
    return { size, tail, isEnded: size === 0 || bytes.at(-1) === 0x0a };
  }
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

/** A file that was full: `audit.000012.jsonl` of `audit.jsonl`. The higher the number, the later. */
export interface FullFile {
  readonly path: string;
  readonly number: number;
}

export async function fullFilesOf(path: string): Promise<readonly FullFile[]> {
  const { stem, extension } = nameOf(path);
  const names = await readdir(dirname(path));
  return names
    .flatMap((name) => {
      if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) return [];
      const digits = name.slice(stem.length + 1, name.length - extension.length);
      return /^\d{6,9}$/u.test(digits) ? [{ path: join(dirname(path), name), number: Number(digits) }] : [];
    })
    .sort((a, b) => a.number - b.number);
}

export function fullFileName(path: string, number: number): string {
  const { stem, extension } = nameOf(path);
  return join(dirname(path), `${stem}.${String(number).padStart(6, "0")}${extension}`);
}

function nameOf(path: string): { readonly stem: string; readonly extension: string } {
  const extension = extname(path);
  return { stem: basename(path, extension), extension };
}

async function readEndingOf(path: string): Promise<Ending> {
  const file = await regular(await open(path, O_RDONLY | careful));
  try {
    return await readEnding(file);
  } finally {
    await file.close();
  }
}

const nothing: Ending = { size: 0, tail: emptyTail, isEnded: true };

/** What an empty file goes on from: the last full one, or what this process had open if that is none of them. */
export async function endBefore(path: string, open: FileHandle | undefined): Promise<Ending> {
  const full = await fullFilesOf(path);
  const status = await open?.stat();
  const others = await Promise.all(full.map((one) => statusOf(one.path)));
  const isFull = status !== undefined && others.some((other) => isSameFile(other, status));
  if (open !== undefined && !isFull) return await readEnding(open);
  const last = full.at(-1);
  return last === undefined ? nothing : await readEndingOf(last.path);
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
