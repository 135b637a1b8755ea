// Where something must be watched so that a change of what a path leads to is noticed. Watching the path alone is not
// enough: of a link that is flipped while the old tree stays, the old tree never tells.

import { lstat, readlink, statfs } from "node:fs/promises";
import { join, parse, resolve, sep } from "node:path";

/** A name in a folder: a link on the way, or the file at its end. */
interface WatchedEntry {
  readonly folder: string;
  readonly name: string;
}

export interface WatchedPlaces {
  /** Watched all the way down. */
  readonly trees: readonly string[];
  readonly entries: readonly WatchedEntry[];
}

/** As many as Linux follows before it says ELOOP. */
const mostLinks = 40;

export async function placesOf(paths: readonly string[]): Promise<WatchedPlaces> {
  const chains = await Promise.all(paths.map(chainOf));
  const entries = new Map(
    chains.flatMap((chain) => chain.entries).map((entry) => [join(entry.folder, entry.name), entry]),
  );
  const trees = new Set(chains.flatMap(({ tree }) => (tree === undefined ? [] : [tree])));
  return { trees: [...trees].sort(), entries: [...entries].sort().map(([, entry]) => entry) };
}

interface Chain {
  readonly entries: readonly WatchedEntry[];
  /** The folder at the end; undefined where it is a file, or nothing. */
  readonly tree: string | undefined;
}

/** Goes the way that the system goes: name after name, and at each link on from where it points. */
async function chainOf(path: string): Promise<Chain> {
  const entries: WatchedEntry[] = [];
  let here = parse(resolve(path)).root;
  let names = namesIn(resolve(path));
  for (let links = 0; names.length > 0 && links <= mostLinks;) {
    const [name = "", ...rest] = names;
    const next = join(here, name);
    const kind = await kindOf(next);
    if (kind === "link") {
      entries.push({ folder: here, name });
      links += 1;
      const target = resolve(here, await readlink(next).catch(() => "."));
      [here, names] = [parse(target).root, [...namesIn(target), ...rest]];
    } else if (kind === "folder") {
      [here, names] = [next, rest];
    } else {
      // A file is replaced by renaming; what does not exist yet appears in the last folder that does.
      return { entries: [...entries, { folder: here, name }], tree: undefined };
    }
  }
  return { entries, tree: names.length === 0 ? here : undefined };
}

function namesIn(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((name) => name !== "");
}

async function kindOf(path: string): Promise<"link" | "folder" | "other"> {
  try {
    const status = await lstat(path);
    if (status.isSymbolicLink()) return "link";
    return status.isDirectory() ? "folder" : "other";
  } catch {
    return "other";
  }
}

/** File systems whose changes are made elsewhere, so that no event tells of them (the numbers: statfs(2)). */
const remoteTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x65735546, "FUSE"],
  [0x01021997, "9p"],
  [0x00c36400, "Ceph"],
  [0x6b414653, "AFS"],
]);

/** The name of the network file system that one of the places lies on. */
export async function remoteFileSystemOf({ trees, entries }: WatchedPlaces): Promise<string | undefined> {
  for (const path of [...trees, ...entries.map(({ folder }) => folder)]) {
    const type = await statfs(path).then(
      (status) => status.type >>> 0,
      () => 0,
    );
    const name = remoteTypes.get(type);
    if (name !== undefined) return name;
  }
  return undefined;
}
