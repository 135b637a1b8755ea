import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { compareText } from "../support/compare.ts";
import { printable } from "../support/printable.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { findFiles, reasonOf, refused, type FilesFound, type FoundFile } from "./find.ts";
import type { SourceFile } from "./source-file.ts";

const maximumBytes = 8 * 1024 * 1024;
/** Of all files together. */
const maximumTotalBytes = 64 * 1024 * 1024;
/** Open files at a time. */
const batch = 32;

/** The files' texts, in the order of their paths, and what could not be read. */
export interface FilesRead {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One found file after it was read. */
export interface Reading {
  readonly found: FoundFile;
  readonly read: SourceFile | Diagnostic;
  /** The file has no name any more: a container's mount of a single file keeps showing what was replaced outside. */
  readonly isUnlinked: boolean;
}

/** The same with where it all was. */
export interface FilesSeen extends FilesRead {
  readonly found: FilesFound;
  readonly readings: readonly Reading[];
  /** Standard input, where it was asked for. */
  readonly input: readonly (SourceFile | Diagnostic)[];
}

/** Reads what some paths lead to (find.ts says what); `-` is standard input. */
export async function readFiles(
  paths: readonly string[],
  standardInput: () => Promise<string>,
): Promise<FilesSeen> {
  const found = await findFiles(paths.filter((path) => path !== "-"));
  const input = paths.includes("-") ? [textFile("standard input", ".", await standardInput())] : [];
  const readings = await readFound(found.files);
  return { ...collected(found, readings, input), found, readings, input };
}

/** What was found and read, as one value. */
export function collected(
  found: FilesFound,
  readings: readonly Reading[],
  input: readonly (SourceFile | Diagnostic)[] = [],
): FilesRead {
  const read = [...input, ...readings.map((reading) => reading.read)];
  return {
    files: read.filter((one) => "text" in one).sort((a, b) => compareText(a.name, b.name)),
    diagnostics: [...found.diagnostics, ...read.filter((one) => "code" in one)],
  };
}

export async function readFound(files: readonly FoundFile[]): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  let bytes = 0;
  for (let at = 0; at < files.length; at += batch) {
    const isFull = bytes > maximumTotalBytes;
    const read = await Promise.all(
      files.slice(at, at + batch).map(async (one) => (isFull ? tooMuch(one) : await readOne(one))),
    );
    for (const { read: one } of read) bytes += "text" in one ? one.text.length : 0;
    readings.push(...read);
  }
  return readings;
}

function tooMuch(found: FoundFile): Reading {
  const read = refused(found.path, "too-many-files", "the files before it hold more than 64 MiB together");
  return { found, read, isUnlinked: false };
}

async function readOne(found: FoundFile): Promise<Reading> {
  const { path } = found;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    const bytes = await readBounded(handle);
    const read = bytes === undefined ? tooLarge(path) : decoded(path, bytes);
    return { found, read, isUnlinked: status.isFile() && status.nlink === 0 };
  } catch (error) {
    return { found, read: refused(path, "unreadable", reasonOf(error)), isUnlinked: false };
  } finally {
    await handle?.close();
  }
}

/** Not by the size that the file system tells: a pipe has none, and a file may grow. */
async function readBounded(handle: FileHandle): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read({ buffer: new Uint8Array(64 * 1024) });
    if (bytesRead === 0) return Buffer.concat(chunks, size);
    chunks.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
    if (size > maximumBytes) return undefined;
  }
}

function decoded(path: string, bytes: Uint8Array): SourceFile | Diagnostic {
  try {
    return textFile(path, dirname(path), new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refused(path, "not-utf8", "the file is not UTF-8 text");
  }
}

function textFile(path: string, folder: string, text: string): SourceFile | Diagnostic {
  return Buffer.byteLength(text) > maximumBytes ? tooLarge(path) : { name: printable(path), folder, text };
}

function tooLarge(path: string): Diagnostic {
  return refused(path, "file-too-large", "the file is larger than 8 MiB");
}
