// The door to files that secrets are written to.

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import type { Issued, SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import type { FileSinkSettings } from "../model/target.ts";
import { errorCode } from "../support/error-code.ts";
import { deliveryText, isVariableName } from "./delivery-text.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";
import { isWithin } from "./sink-path.ts";

/** More than a token's secret takes in any format: a disk without that much room is found before the token is made. */
const probeText = new Secret("rolecall proves that it can write here\n".repeat(100));

/**
 * Proves that a secret can be delivered, before its token is touched: does all that delivering does, with a file that
 * is removed again, and leaves nothing behind. Gives the file that would be written.
 */
export async function proveFileSink(
  sink: FileSinkSettings,
  delivery: SecretDelivery,
): Promise<Resolved<string>> {
  return inFolderOf(sink, delivery, async (file, made) => {
    await rm(await writeTemporary(dirname(file), probeText));
    await syncFolder(dirname(file));
    await removeFolders(made);
  });
}

/**
 * Writes a token's secret to its sink's file: whole or not at all, readable by its owner only (0600), on the disk
 * when this resolves. Missing folders are made with 0700, the sink's own too; a symbolic link at the file's own place
 * is replaced, not followed. Gives the file that was written.
 */
export async function deliverToFile(
  sink: FileSinkSettings,
  delivery: SecretDelivery,
  issued: Issued,
): Promise<Resolved<string>> {
  return inFolderOf(sink, delivery, async (file, made) => {
    const temporary = await writeTemporary(dirname(file), deliveryText(delivery, issued));
    await removeUnless(temporary, rename(temporary, file));
    for (const entry of [file, ...made]) await syncFolder(dirname(entry));
  });
}

/** Makes the file's folder and does the work in it; takes back the folders that it made where the work fails. */
async function inFolderOf(
  sink: FileSinkSettings,
  delivery: SecretDelivery,
  work: (file: string, made: readonly string[]) => Promise<void>,
): Promise<Resolved<string>> {
  const file = resolve(sink.dir, delivery.as);
  const made: string[] = [];
  try {
    const problem = textProblem(sink, delivery) ?? (await placeProblem(sink, file));
    if (problem !== undefined) return problem;
    await makeFolders(dirname(file), made);
    await work(file, made);
    return resolved(file);
  } catch (error) {
    await removeFolders(made);
    return unresolved("sink-unwritable", `sink ${sink.name} can't write ${file} (${errorCode(error)})`);
  }
}

function textProblem(sink: FileSinkSettings, delivery: SecretDelivery): Resolved<never> | undefined {
  if (delivery.format === "env" && !isVariableName(delivery.key)) {
    return unresolved(
      "sink-key-invalid",
      `sink ${sink.name}: ${JSON.stringify(delivery.key)} can't name a variable`,
    );
  }
  if (isWithin(sink.dir, dirname(resolve(sink.dir, delivery.as)))) return undefined;
  return unresolved("sink-escape", `sink ${sink.name}: ${delivery.as} is not below ${sink.dir}`);
}

/** Looks without touching: no link may lead out of the sink's folder (which may be one itself), no folder be in the way. */
async function placeProblem(sink: FileSinkSettings, file: string): Promise<Resolved<never> | undefined> {
  const existing = await nearestExisting(dirname(file));
  const below = isWithin(sink.dir, existing);
  if (below && !isWithin(await realpath(sink.dir), await realpath(existing))) {
    return unresolved("sink-escape", `sink ${sink.name}: a symbolic link leads ${file} out of ${sink.dir}`);
  }
  const there = await kindOf(file);
  if (there === undefined || there === "file" || there === "link") return undefined;
  return unresolved("sink-unwritable", `sink ${sink.name}: ${file} is a ${there}`);
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
async function makeFolders(folder: string, made: string[]): Promise<void> {
  if ((await kindOf(folder)) !== undefined) return;
  await makeFolders(dirname(folder), made);
  await mkdir(folder, { mode: 0o700 });
  made.unshift(folder);
}

async function removeFolders(made: readonly string[]): Promise<void> {
  for (const folder of made) {
    // Whoever put something into it meanwhile keeps it: what stays is an empty or a used folder, no secret.
    await rmdir(folder).catch(() => undefined);
  }
}

/** A new file beside the one to be written, since only a rename within one folder is atomic. */
async function writeTemporary(folder: string, text: Secret): Promise<string> {
  const path = join(folder, `.rolecall-${randomBytes(8).toString("hex")}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  const written = file.writeFile(text.reveal()).then(() => file.sync());
  await removeUnless(
    path,
    written.finally(() => file.close()),
  );
  return path;
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
