// The door to files that secrets are written to.

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chown, lstat, mkdir, open, realpath, rename, rm, rmdir, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { Secret } from "../model/secret.ts";
import { errorCode } from "../support/error-code.ts";
import { readUnlinkedFile } from "./file-source.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";
import type { OwnerIds } from "./owner-ids.ts";
import { isWithin } from "./sink-path.ts";

/** A file below a sink's folder, and how it is to be there. */
export interface SinkFile {
  readonly sink: string;
  readonly dir: string;
  readonly as: string;
  readonly mode: number;
  readonly owner: OwnerIds;
}

/** What a file is to hold, by what it holds now; undefined where it is not there. Or why it must stay as it is. */
export type NewText = (existing: string | undefined) => Resolved<Secret>;

/** More than a token's secret takes in any format: a disk without that much room is found before the token is made. */
const probeText = new Secret("rolecall proves that it can write here\n".repeat(100));

/** No file of secrets comes near it. */
const maximumBytes = 256 * 1024;

/**
 * Proves that a file can be written: does all that writing does, with a file that is removed again, and leaves nothing
 * behind. Gives the file that would be written.
 */
export function proveSinkFile(place: SinkFile, newText: NewText): Promise<Resolved<string>> {
  return inFolderOf(place, newText, async (file, text, made) => {
    // As much room as the file itself will take, since what it holds already is written anew.
    const probe = new Secret(text.reveal() + probeText.reveal());
    await rm(await writeTemporary(dirname(file), probe, place));
    await syncFolder(dirname(file));
    await removeFolders(made);
  });
}

/**
 * Writes a file: whole or not at all, with its mode from the start, on the disk when this resolves. Missing folders are
 * made, the sink's own too; a symbolic link at the file's own place is replaced, not followed. Gives the file.
 */
export function writeSinkFile(place: SinkFile, newText: NewText): Promise<Resolved<string>> {
  return inFolderOf(place, newText, async (file, text, made) => {
    const temporary = await writeTemporary(dirname(file), text, place);
    await removeUnless(temporary, rename(temporary, file));
    for (const entry of [file, ...made]) await syncFolder(dirname(entry));
  });
}

/** What a file of a sink holds. */
export async function readSinkFile(place: Pick<SinkFile, "sink" | "dir" | "as">): Promise<Resolved<string>> {
  const file = resolve(place.dir, place.as);
  try {
    const problem = await placeProblem(place, file);
    if (problem !== undefined) return problem;
  } catch (error) {
    return unresolved("sink-unreadable", `sink ${place.sink}: ${file} can't be read (${errorCode(error)})`);
  }
  const read = await readUnlinkedFile(file, maximumBytes);
  if (read.ok) return resolved(read.text);
  const code = read.reason === "missing" ? "sink-empty" : "sink-unreadable";
  return unresolved(code, `sink ${place.sink}: ${file} ${read.words}`);
}

/** Makes the file's folder and does the work in it; takes back the folders that it made where the work fails. */
async function inFolderOf(
  place: SinkFile,
  newText: NewText,
  work: (file: string, text: Secret, made: readonly string[]) => Promise<void>,
): Promise<Resolved<string>> {
  const file = resolve(place.dir, place.as);
  const made: string[] = [];
  try {
    const problem = await placeProblem(place, file);
    if (problem !== undefined) return problem;
    const existing = await textAt(place, file);
    if (!existing.ok) return existing;
    const text = newText(existing.value);
    if (!text.ok) return text;
    await makeFolders(dirname(file), place, made);
    await work(file, text.value, made);
    return resolved(file);
  } catch (error) {
    await removeFolders(made);
    const code = errorCode(error);
    return unresolved(
      "sink-unwritable",
      `sink ${place.sink} can't write ${file} (${code})${adviceFor(code)}`,
    );
  }
}

const advice: Readonly<Record<string, string>> = {
  EACCES: ": let who runs rolecall write into the folder",
  EPERM: ": only root may give files to other users",
  EROFS: ": the file system is read-only",
  ENOSPC: ": the disk is full",
  EDQUOT: ": the quota is used up",
  ENOTDIR: ": a file is where a folder belongs",
};

function adviceFor(code: string): string {
  return Object.hasOwn(advice, code) ? (advice[code] ?? "") : "";
}

/** Looks without touching: no link may lead out of the sink's folder (which may be one itself), no folder be in the way. */
async function placeProblem(
  { sink, dir, as }: Pick<SinkFile, "sink" | "dir" | "as">,
  file: string,
): Promise<Resolved<never> | undefined> {
  if (!isWithin(dir, dirname(file))) {
    return unresolved("sink-escape", `sink ${sink}: ${as} is not below ${dir}`);
  }
  const existing = await nearestExisting(dirname(file));
  if (isWithin(dir, existing) && !isWithin(await realpath(dir), await realpath(existing))) {
    const message = `sink ${sink}: a symbolic link leads ${file} out of ${dir}: remove the link`;
    return unresolved("sink-escape", message);
  }
  const there = await kindOf(file);
  if (there === undefined || there === "file" || there === "link") return undefined;
  return unresolved(
    "sink-unwritable",
    `sink ${sink}: ${file} is a ${there}: name another file, or remove it`,
  );
}

async function textAt({ sink }: SinkFile, file: string): Promise<Resolved<string | undefined>> {
  if ((await kindOf(file)) !== "file") return resolved(undefined);
  const read = await readUnlinkedFile(file, maximumBytes);
  if (read.ok) return resolved(read.text);
  const message = `sink ${sink}: ${file} ${read.words}, so it is left as it is: name another file, or remove it`;
  return unresolved("sink-occupied", message);
}

async function nearestExisting(folder: string): Promise<string> {
  // Ends at the root, which exists.
  for (let path = folder; ; path = dirname(path)) {
    if ((await kindOf(path)) !== undefined) return path;
  }
}

async function kindOf(path: string): Promise<"file" | "link" | "folder" | "device" | undefined> {
  try {
    const status = await lstat(path);
    if (status.isSymbolicLink()) return "link";
    if (status.isDirectory()) return "folder";
    return status.isFile() ? "file" : "device";
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Notes every folder that it makes, the lowest first, so that a failure half-way can be taken back. */
async function makeFolders(folder: string, place: SinkFile, made: string[]): Promise<void> {
  if ((await kindOf(folder)) !== undefined) return;
  await makeFolders(dirname(folder), place, made);
  // Who may read the file must be let through to it.
  await mkdir(folder, { mode: (place.mode & 0o040) === 0 ? 0o700 : 0o750 });
  made.unshift(folder);
  if (place.owner !== undefined) await chown(folder, place.owner.uid, place.owner.gid);
}

async function removeFolders(made: readonly string[]): Promise<void> {
  for (const folder of made) {
    // Whoever put something into it meanwhile keeps it: what stays is an empty or a used folder, no secret.
    await rmdir(folder).catch(() => undefined);
  }
}

/** A new file beside the one to be written, since only a rename within one folder is atomic. */
async function writeTemporary(folder: string, text: Secret, place: SinkFile): Promise<string> {
  const path = join(folder, `.rolecall-${randomBytes(8).toString("hex")}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  const written = fill(file, text, place);
  await removeUnless(
    path,
    written.finally(() => file.close()),
  );
  return path;
}

/** The owner before the mode: giving a file away may clear bits, and nobody else may read it before it is whole. */
async function fill(file: FileHandle, text: Secret, { owner, mode }: SinkFile): Promise<void> {
  await file.writeFile(text.reveal());
  if (owner !== undefined) await file.chown(owner.uid, owner.gid);
  await file.chmod(mode);
  await file.sync();
}

async function removeUnless(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** A name is on the disk only when its folder is; file systems that can't sync a folder say EINVAL. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    if (errorCode(error) !== "EINVAL") throw error;
  } finally {
    await handle.close();
  }
}
