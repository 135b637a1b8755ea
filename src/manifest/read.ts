import { open, readdir, realpath, stat, type FileHandle } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { compareText } from "../support/compare.ts";
import { printable } from "../support/printable.ts";
import { errorAt, spanOfFile, type Diagnostic, type DiagnosticCode } from "./diagnostic.ts";
import type { SourceFile } from "./source-file.ts";

const maximumBytes = 8 * 1024 * 1024;
/** Open files at a time. */
const batch = 32;

/** The files' texts, in the order of their paths, and what could not be read. */
export interface FilesRead {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A path on its way to a text. `identity` is the same for all ways to one file. */
type Found = { readonly path: string; readonly identity: string } | Diagnostic;

/**
 * Reads what some paths lead to: files, whatever their names, and folders, in which `*.yaml`, `*.yml` and `*.json` are
 * read all the way down and names that begin with a dot are not. `-` is standard input. A file that is reached twice is
 * read once.
 */
export async function readFiles(
  paths: readonly string[],
  standardInput: () => Promise<string>,
): Promise<FilesRead> {
  const found = (await Promise.all(paths.filter((path) => path !== "-").map((path) => find(path)))).flat();
  const unique = new Map(found.map((one) => ["identity" in one ? one.identity : Symbol("diagnostic"), one]));
  const read = paths.includes("-") ? [textFile("standard input", ".", await standardInput())] : [];
  const all = [...unique.values()];
  for (let at = 0; at < all.length; at += batch) {
    read.push(...(await Promise.all(all.slice(at, at + batch).map((one) => readFound(one)))));
  }
  return {
    files: read.filter((one) => "text" in one).sort((a, b) => compareText(a.name, b.name)),
    diagnostics: read.filter((one) => "code" in one),
  };
}

async function find(path: string): Promise<Found[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, identity: await identityOf(path) }];
    const root = await realpath(path);
    const found = await findBelow(path, { root, visited: new Set([root]) });
    if (found.length > 0) return found;
    return [refused(path, "no-manifests", "the folder holds no *.yaml, *.yml or *.json file")];
  } catch (error) {
    return [refused(path, "unreadable", reasonOf(error))];
  }
}

/** A pipe that a shell made has no path of its own. */
async function identityOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

interface Walk {
  readonly root: string;
  readonly visited: Set<string>;
}

async function findBelow(folder: string, walk: Walk): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of (await readdir(folder)).sort(compareText)) {
    if (!name.startsWith(".")) found.push(...(await findEntry(join(folder, name), name, walk)));
  }
  return found;
}

async function findEntry(path: string, name: string, walk: Walk): Promise<Found[]> {
  try {
    const [real, status] = [await realpath(path), await stat(path)];
    const isManifest = isManifestName(name);
    if (!status.isDirectory() && !isManifest) return [];
    // A link that leads out of the folder would show a stranger's file in a report that others read.
    if (!isInside(real, walk.root))
      return [refused(path, "outside-folder", "the link leads out of the folder")];
    if (status.isFile()) return [{ path, identity: real }];
    if (!status.isDirectory()) return [refused(path, "unreadable", "it is neither a file nor a folder")];
    if (walk.visited.has(real)) return [];
    walk.visited.add(real);
    return await findBelow(path, walk);
  } catch (error) {
    return isManifestName(name) ? [refused(path, "unreadable", reasonOf(error))] : [];
  }
}

/** kustomize's own files lie among the manifests that it builds from. */
function isManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)$/u.test(name) && !/^kustomization\.ya?ml$/u.test(name);
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

async function readFound(found: Found): Promise<SourceFile | Diagnostic> {
  if (!("identity" in found)) return found;
  const { path } = found;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const bytes = await readBounded(handle);
    return bytes === undefined ? tooLarge(path) : decoded(path, bytes);
  } catch (error) {
    return refused(path, "unreadable", reasonOf(error));
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

function refused(path: string, code: DiagnosticCode, message: string): Diagnostic {
  return errorAt(spanOfFile(printable(path)), { code, message });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons.get(code) ?? `it cannot be read${code === "" ? "" : ` (${code})`}`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EACCES", "reading it is not permitted"],
  ["EPERM", "reading it is not permitted"],
  ["ELOOP", "its symbolic links lead in a circle"],
]);
