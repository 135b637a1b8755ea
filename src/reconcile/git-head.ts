// Which commit a folder shows, and whether Git is at work in it: read from Git's own files, so that no program is started
// in a folder that others write to (gitrepository-layout(5)).

import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

export interface WorkTree {
  /** What HEAD leads to; undefined where there is no commit yet, or its reference is kept in a way that is not read. */
  readonly commit: string | undefined;
  /** Git is changing the files right now, or died while it did: the path of its lock. */
  readonly lock: string | undefined;
}

/** No work tree lies deeper. */
const mostParents = 64;
const smallFile = 64 * 1024;
const packedReferences = 16 * 1024 * 1024;

/** Of all paths: the commit is that of the first one that lies in a work tree. */
export async function lookAtGitOf(paths: readonly string[]): Promise<WorkTree> {
  const found = (await Promise.all(paths.map(lookAtGit))).flatMap((one) => one ?? []);
  return {
    commit: found.find(({ commit }) => commit !== undefined)?.commit,
    lock: found.find(({ lock }) => lock !== undefined)?.lock,
  };
}

/** Of the work tree that the path leads into; undefined where it is none. */
export async function lookAtGit(path: string): Promise<WorkTree | undefined> {
  const gitFolder = await gitFolderAbove(await realpath(path).catch(() => resolve(path)));
  if (gitFolder === undefined) return undefined;
  const lock = join(gitFolder, "index.lock");
  const isLocked = await stat(lock).then(
    () => true,
    () => false,
  );
  return { commit: await commitIn(gitFolder), lock: isLocked ? lock : undefined };
}

async function gitFolderAbove(folder: string): Promise<string | undefined> {
  let here = folder;
  for (let step = 0; step < mostParents; step++) {
    const found = await gitFolderIn(here);
    if (found !== undefined || dirname(here) === here) return found;
    here = dirname(here);
  }
  return undefined;
}

/** A folder; or, of a linked work tree, as git-sync makes one for each commit, a file that says where it is. */
async function gitFolderIn(folder: string): Promise<string | undefined> {
  const path = join(folder, ".git");
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory() === true) return path;
  if (status?.isFile() !== true) return undefined;
  const target = /^gitdir: (.+?)\r?\n?$/u.exec((await readText(path, smallFile)) ?? "")?.[1];
  return target === undefined ? undefined : resolve(folder, target);
}

async function commitIn(gitFolder: string): Promise<string | undefined> {
  const head = (await readText(join(gitFolder, "HEAD"), smallFile))?.trim();
  if (head === undefined) return undefined;
  const reference = /^ref: (refs\/[^\0\s]+)$/u.exec(head)?.[1];
  if (reference === undefined) return asCommit(head);
  // Never out of the folder, whatever somebody wrote into HEAD.
  if (reference.split("/").includes("..")) return undefined;
  const common = (await readText(join(gitFolder, "commondir"), smallFile))?.trim();
  const folder = common === undefined ? gitFolder : resolve(gitFolder, common);
  const loose = asCommit((await readText(join(folder, reference), smallFile))?.trim() ?? "");
  return (
    loose ?? packedCommit((await readText(join(folder, "packed-refs"), packedReferences)) ?? "", reference)
  );
}

function packedCommit(packed: string, reference: string): string | undefined {
  const line = packed.split("\n").find((one) => one.endsWith(` ${reference}`));
  return asCommit(line?.split(" ")[0] ?? "");
}

/** SHA-1 or SHA-256. */
function asCommit(text: string): string | undefined {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text) ? text : undefined;
}

/** The text of a regular file of at most that many bytes. */
async function readText(path: string, maximumBytes: number): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      return status.isFile() && status.size <= maximumBytes ? await file.readFile("utf8") : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
