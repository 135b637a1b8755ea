// The door to files that are only read: secrets and certificates.

import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

import { errorCode } from "../support/error-code.ts";

/** Text and permission bits, or why there are none; the reason completes a sentence: "file PATH REASON". */
export type FileText =
  | { readonly ok: true; readonly text: string; readonly mode: number }
  | { readonly ok: false; readonly reason: "missing" | "unreadable" | "too-large"; readonly words: string };

/**
 * The text of a regular file of at most that many bytes. Symbolic links are followed: that is how Kubernetes mounts
 * secrets. A pipe, a device or a folder is refused without waiting for it.
 */
export function readSmallFile(path: string, maximumBytes: number): Promise<FileText> {
  // Non-blocking, because opening a pipe would otherwise wait for whoever writes to it.
  return readWith(constants.O_RDONLY | constants.O_NONBLOCK, path, maximumBytes);
}

/** The same, but of the very file: a link in its place is refused, since somebody else may have put it there. */
export function readUnlinkedFile(path: string, maximumBytes: number): Promise<FileText> {
  return readWith(constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW, path, maximumBytes);
}

async function readWith(flags: number, path: string, maximumBytes: number): Promise<FileText> {
  let file: FileHandle;
  try {
    file = await open(path, flags);
  } catch (error) {
    return unreadable(error);
  }
  try {
    return await readBounded(file, maximumBytes);
  } catch (error) {
    return unreadable(error);
  } finally {
    await file.close();
  }
}

async function readBounded(file: FileHandle, maximumBytes: number): Promise<FileText> {
  const status = await file.stat();
  if (!status.isFile()) return { ok: false, reason: "unreadable", words: "is not a regular file" };
  // One byte more than allowed tells a full file from one that is too long, also while it grows.
  const buffer = Buffer.alloc(maximumBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length > maximumBytes) {
    return { ok: false, reason: "too-large", words: `holds more than ${maximumBytes} bytes` };
  }
  return decode(buffer.subarray(0, length), status.mode & 0o777);
}

function decode(bytes: Uint8Array, mode: number): FileText {
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), mode };
  } catch {
    // The decoder's own error is not passed on: what it says of the bytes is of no use to anybody.
    return { ok: false, reason: "unreadable", words: "is not UTF-8 text" };
  }
}

function unreadable(error: unknown): FileText {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR")
    return { ok: false, reason: "missing", words: "does not exist" };
  return { ok: false, reason: "unreadable", words: `can't be read (${code})` };
}
