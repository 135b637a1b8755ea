// Exported manifests on the disk: each file whole or not at all, and none in the place of another.

import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FileName } from "../export/exported.ts";
import { errorCode, errorWords } from "../support/error-code.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";

export interface ManifestFile {
  readonly name: FileName;
  readonly text: string;
}

/** `replace` is what --force asks for. */
export type Existing = "keep" | "replace";

/** Looks at all of them before it writes one: half an export beside half an old one would be neither. */
export async function writeManifests(
  folder: string,
  files: readonly ManifestFile[],
  existing: Existing,
): Promise<void> {
  if (existing === "keep") await refuseExisting(folder, files);
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeOne(join(folder, name), text, existing);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const words = errorWords(error);
    throw new Failure(
      `the manifests could not be written to ${folder}: ${words}`,
      exitStatus.error,
      undefined,
      {
        cause: error,
      },
    );
  }
}

async function refuseExisting(folder: string, files: readonly ManifestFile[]): Promise<void> {
  const there = await present(
    folder,
    files.map(({ name }) => name),
  );
  if (there.length > 0) throw wouldReplace(there.map((name) => join(folder, name)));
}

/** Those of the names that the folder has, whatever they are there. */
export async function present(folder: string, names: readonly FileName[]): Promise<readonly FileName[]> {
  const found: FileName[] = [];
  for (const name of names) if (await isThere(join(folder, name))) found.push(name);
  return found;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    // Any other trouble is met again by the write, which tells it.
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error))) return false;
    return true;
  }
}

async function writeOne(path: string, text: string, existing: Existing): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(draft, "wx", 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (existing === "replace") await rename(draft, path);
    else await putWhereNothingIs(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link, unlike a rename, is refused where something has come to be meanwhile. */
async function putWhereNothingIs(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw wouldReplace([path]);
    // Not every file system has links.
    if (await isThere(path)) throw wouldReplace([path]);
    await rename(draft, path);
  }
}

function wouldReplace(paths: readonly string[]): Failure {
  return new Failure(
    `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} there already, and nothing is replaced`,
    exitStatus.error,
    "name another folder with --out, or let them be replaced with --force",
  );
}
