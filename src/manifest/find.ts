import { readdir, realpath, stat } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { join, sep } from "node:path";
import { compareText } from "../support/compare.ts";
import { errorCode } from "../support/error-code.ts";
import { printable } from "../support/printable.ts";
import { errorAt, spanOfFile, type Diagnostic, type DiagnosticCode } from "./diagnostic.ts";

/** No repository comes near them; a path named by mistake, as `/`, does. */
const limits = { files: 20_000, depth: 32 };

/** A path on its way to a text. `identity` is the same for all ways to one file. */
export interface FoundFile {
  readonly path: string;
  readonly identity: string;
  /** Which of the paths that were asked for led to it. */
  readonly root: number;
}

export interface FilesFound {
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where each path leads in the end, every link followed; the path itself where it leads nowhere. */
  readonly roots: readonly string[];
}

/**
 * What some paths lead to: files, whatever their names, and folders, in which `*.yaml`, `*.yml` and `*.json` are found
 * all the way down and names that begin with a dot are not. A file that is reached twice is found once.
 */
export async function findFiles(paths: readonly string[]): Promise<FilesFound> {
  const walks = await Promise.all(paths.map((path, root) => findFrom(path, root)));
  const files = new Map(walks.flatMap((walk) => walk.files).map((file) => [file.identity, file]));
  return {
    files: [...files.values()],
    diagnostics: walks.flatMap((walk) => walk.diagnostics),
    roots: walks.map((walk) => walk.real),
  };
}

/** One path while it is searched. */
interface Walk {
  readonly root: number;
  readonly real: string;
  readonly visited: Set<string>;
  readonly files: FoundFile[];
  readonly diagnostics: Diagnostic[];
}

async function findFrom(path: string, root: number): Promise<Walk> {
  // A pipe that a shell made has no path of its own.
  const real = await realpath(path).catch(() => path);
  const walk: Walk = { root, real, visited: new Set([real]), files: [], diagnostics: [] };
  try {
    if (!(await stat(path)).isDirectory()) walk.files.push({ path, identity: real, root });
    else await findBelow({ path, real, depth: 0 }, walk);
    if (walk.files.length === 0 && walk.diagnostics.length === 0)
      refuse(walk, path, "no-manifests", "the folder holds no *.yaml, *.yml or *.json file");
  } catch (error) {
    refuse(walk, path, "unreadable", reasonOf(error));
  }
  return walk;
}

interface Folder {
  readonly path: string;
  readonly real: string;
  readonly depth: number;
}

async function findBelow(folder: Folder, walk: Walk): Promise<void> {
  if (folder.depth > limits.depth) {
    refuse(walk, folder.path, "too-many-files", `folders lie more than ${limits.depth} deep`);
    return;
  }
  const entries = await readdir(folder.path, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    if (walk.files.length >= limits.files) {
      refuse(walk, folder.path, "too-many-files", `there are more than ${limits.files} files`);
      return;
    }
    if (!entry.name.startsWith(".")) await findEntry(entry, folder, walk);
  }
}

async function findEntry(entry: Dirent, folder: Folder, walk: Walk): Promise<void> {
  const path = join(folder.path, entry.name);
  try {
    await take(await resolvedEntry(entry, path, folder), path, walk);
  } catch (error) {
    if (isManifestName(path)) refuse(walk, path, "unreadable", reasonOf(error));
  }
}

type Kind = "file" | "folder" | "other";

/** Only a link can lead elsewhere than its name says. */
async function resolvedEntry(
  entry: Dirent,
  path: string,
  folder: Folder,
): Promise<Folder & { readonly kind: Kind }> {
  const depth = folder.depth + 1;
  if (!entry.isSymbolicLink())
    return { kind: kindOf(entry), path, real: join(folder.real, entry.name), depth };
  return { kind: kindOf(await stat(path)), path, real: await realpath(path), depth };
}

function kindOf(status: Pick<Dirent, "isFile" | "isDirectory">): Kind {
  if (status.isFile()) return "file";
  return status.isDirectory() ? "folder" : "other";
}

async function take(found: Folder & { readonly kind: Kind }, path: string, walk: Walk): Promise<void> {
  if (found.kind !== "folder" && !isManifestName(path)) return;
  // A link that leads out of the folder would show a stranger's file in a report that others read.
  if (!isInside(found.real, walk.real)) {
    refuse(walk, path, "outside-folder", "the link leads out of the folder");
  } else if (found.kind === "other") {
    refuse(walk, path, "unreadable", "it is neither a file nor a folder");
  } else if (found.kind === "file") {
    walk.files.push({ path, identity: found.real, root: walk.root });
  } else if (!walk.visited.has(found.real)) {
    walk.visited.add(found.real);
    await findBelow(found, walk);
  }
}

/** kustomize's own files lie among the manifests that it builds from. */
function isManifestName(path: string): boolean {
  return /\.(?:ya?ml|json)$/u.test(path) && !/\/kustomization\.ya?ml$/u.test(path);
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function refuse({ diagnostics }: Walk, path: string, code: DiagnosticCode, message: string): void {
  diagnostics.push(refused(path, code, message));
}

/** What is wrong with a whole file. */
export function refused(path: string, code: DiagnosticCode, message: string): Diagnostic {
  return errorAt(spanOfFile(printable(path)), { code, message });
}

/** Completes a sentence about a file. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return reasons.get(code) ?? `it cannot be read (${code})`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["EACCES", "reading it is not permitted"],
  ["EPERM", "reading it is not permitted"],
  ["ELOOP", "its symbolic links lead in a circle"],
]);
