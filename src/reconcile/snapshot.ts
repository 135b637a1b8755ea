// In: paths. Out: everything that stood below them at one moment, with a digest: what is accepted is what is used, byte
// for byte, and never read a second time. Must not know: when it is taken, what the manifests mean.

import { createHash } from "node:crypto";
import { relative } from "node:path";
import { findFiles, type FilesFound } from "../manifest/find.ts";
import { collected, readFiles, readFound, type FilesRead, type Reading } from "../manifest/read.ts";

export interface WatchedPaths {
  readonly filenames: readonly string[];
  readonly config?: string;
}

/** One of the paths. */
export interface RootSeen {
  readonly path: string;
  /** Where it leads, every link followed: another place after an atomic swap. */
  readonly real: string;
  /** Of the names and the texts below it. */
  readonly digest: string;
}

export interface Snapshot {
  readonly roots: readonly RootSeen[];
  /** `sha256:…` of all of it: the same wherever the same manifests are mounted. */
  readonly digest: string;
  readonly fileCount: number;
  /** Files without a name: mounts of single files that were replaced outside, and will never change again. */
  readonly unlinked: readonly string[];
  readonly read: { readonly filenames: FilesRead; readonly config?: FilesRead };
}

/**
 * Finds, reads, and finds again: undefined where a link or a list has changed in between, since a part may then be of
 * the old tree and a part of the new.
 */
export async function takeSnapshot({ filenames, config }: WatchedPaths): Promise<Snapshot | undefined> {
  const groups = config === undefined ? [filenames] : [filenames, [config]];
  const before = await Promise.all(groups.map(findFiles));
  const readings = await Promise.all(before.map(({ files }) => readFound(files)));
  const after = await Promise.all(groups.map(findFiles));
  if (JSON.stringify(before) !== JSON.stringify(after)) return undefined;
  const looks = groups.map((paths, at) => ({
    paths,
    found: before[at] ?? none,
    readings: readings[at] ?? [],
  }));
  const roots = looks.flatMap(rootsOf);
  const [read, guards] = looks.map(({ found, readings: all }) => collected(found, all));
  return {
    roots,
    digest: `sha256:${hashOf(roots.map(({ digest }) => digest))}`,
    fileCount: readings.flat().length,
    unlinked: readings.flat().flatMap(({ found, isUnlinked }) => (isUnlinked ? [found.path] : [])),
    read: { filenames: read ?? { files: [], diagnostics: [] }, ...(guards && { config: guards }) },
  };
}

/** For who acts on it once, and is the only one to: one reading, with the digest that the daemon would give it. */
export async function readOnce(
  { filenames, config }: WatchedPaths,
  standardInput: () => Promise<string>,
): Promise<Pick<Snapshot, "digest" | "read">> {
  const own = { paths: filenames, ...(await readFiles(filenames, standardInput)) };
  const guards = config === undefined ? undefined : await readFiles([config], standardInput);
  const looks = guards === undefined || config === undefined ? [own] : [own, { paths: [config], ...guards }];
  const digests = looks.flatMap(({ paths, input, ...look }) => [
    ...rootsOf({ ...look, paths: paths.filter((path) => path !== "-") }).map(({ digest }) => digest),
    ...input.map((one) => hashOf(["text" in one ? one.text : one.code])),
  ]);
  return {
    digest: `sha256:${hashOf(digests)}`,
    read: { filenames: own, ...(guards && { config: guards }) },
  };
}

const none: FilesFound = { files: [], diagnostics: [], roots: [] };

interface Look {
  readonly paths: readonly string[];
  readonly found: FilesFound;
  readonly readings: readonly Reading[];
}

function rootsOf({ paths, found, readings }: Look): readonly RootSeen[] {
  const refused = found.diagnostics.map(({ code, place }) => `${code} ${place.file}`);
  return paths.map((path, root) => ({
    path,
    real: found.roots[root] ?? path,
    digest: hashOf([
      ...refused,
      ...readings.filter((one) => one.found.root === root).flatMap((one) => wordsOf(one, path)),
    ]),
  }));
}

/** Relative to the path that led there, so that a digest can be compared with one made elsewhere. */
function wordsOf({ found, read }: Reading, root: string): readonly string[] {
  return [relative(root, found.path), "text" in read ? read.text : read.code];
}

/** Of texts with their lengths: two lists that differ only in where a text ends are two. */
function hashOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest("hex");
}
