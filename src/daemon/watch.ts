// The door of chokidar: events are a hint that it is worth looking now, never the truth. They miss what is done on
// network file systems and behind mounts, so somebody looks from time to time in any case (lookout.ts).

import { watch } from "chokidar";
import { basename, join, sep } from "node:path";
import { errorCode } from "../support/error-code.ts";
import type { WatchedPlaces } from "./links.ts";

export interface Hints {
  /** When events come. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface HintTakers {
  readonly onHint: () => void;
  /** Events will be missed, for a reason as the system names it: `ENOSPC`. */
  readonly onBlind: (code: string) => void;
}

const depth = 32;
/** No room for another watch, in one way or another; what may not be read is no concern here: the look will say so. */
const blinding = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

export function openHints(places: WatchedPlaces, { onHint, onBlind }: HintTakers): Hints {
  const folders = [...places.trees, ...places.entries.map(({ folder }) => folder)];
  const watcher = watch([...new Set(folders)], {
    ignored: ignoring(places),
    ignoreInitial: true,
    ignorePermissionErrors: true,
    // A link is watched itself: where it leads is one of the places, or lies in one of the trees.
    followSymlinks: false,
    depth,
  });
  watcher.on("all", onHint);
  watcher.on("error", (error) => {
    if (blinding.has(errorCode(error))) onBlind(errorCode(error));
  });
  return {
    ready: new Promise((resolve) => watcher.once("ready", resolve)),
    close: () => watcher.close(),
  };
}

/** What lies beside a link is none of our business, and may be a whole home folder. */
function ignoring({ trees, entries }: WatchedPlaces): (path: string) => boolean {
  const kept = new Set([...trees, ...entries.flatMap(({ folder, name }) => [folder, join(folder, name)])]);
  const isInTree = (path: string): boolean =>
    trees.some((tree) => path.startsWith(tree.endsWith(sep) ? tree : tree + sep));
  return (path) => !kept.has(path) && !(isInTree(path) && isWorthIt(basename(path)));
}

/** `..data` is the one link that a ConfigMap's swap flips. */
function isWorthIt(name: string): boolean {
  return name === "..data" || !name.startsWith(".");
}
