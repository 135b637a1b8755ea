// The door to the files of an audit log that were full, and have a number.

import { readdir, type FileHandle } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { emptyTail } from "../apply/audit-chain.ts";
import { isSameFile, openToRead, readEnding, statusOf, type Ending } from "./audit-file.ts";

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
  const file = await openToRead(path);
  try {
    return await readEnding(file);
  } finally {
    await file.close();
  }
}

const nothing: Ending = { size: 0, tail: emptyTail, isEnded: true, isChanged: false };

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
