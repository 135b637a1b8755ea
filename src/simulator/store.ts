// The state's files, in memory or in a folder that is laid out as /etc/pve is. Texts have one character a byte.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { printBytes } from "./bytes.ts";
import { lockName, type LockedFile } from "./locks.ts";

export type StateFile =
  | "user.cfg"
  | "domains.cfg"
  | "jobs.cfg"
  | "priv/shadow.cfg"
  | "priv/token.cfg"
  | "priv/tfa.cfg"
  | `priv/realm/${string}.pw`;

export type StateFiles = Readonly<Partial<Record<StateFile, string>>>;

export interface Store {
  /** Undefined where there is no such file. */
  read(file: StateFile): string | undefined;
  write(file: StateFile, text: string): void;
  remove(file: StateFile): void;
  /** Whether somebody else holds the lock: on a folder, by a directory as `priv/lock/file-user_cfg`. */
  isLocked(file: LockedFile): boolean;
  /** All that was read or written, as it is now. */
  files(): StateFiles;
}

export function openMemoryStore(files: StateFiles): Store {
  const texts = new Map<string, string | undefined>(Object.entries(files));
  return {
    read: (file) => texts.get(file),
    write: (file, text) => void texts.set(file, printBytes(text).toString("latin1")),
    remove: (file) => void texts.delete(file),
    isLocked: () => false,
    files: () => Object.fromEntries(texts),
  };
}

interface Kept {
  readonly stamp: string;
  readonly text: string;
}

/**
 * Every read looks whether the file has changed, as the real server does: an editor may be at work on it.
 * Writes are atomic; what lies in priv/ is for the owner only.
 */
export function openFolderStore(folder: string): Store {
  const kept = new Map<StateFile, Kept>();
  const readKept = (file: StateFile): string | undefined => {
    const path = join(folder, file);
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    const before = kept.get(file);
    if (before?.stamp === stamp) return before.text;
    const text = readFileSync(path, "latin1");
    kept.set(file, { stamp, text });
    return text;
  };
  return {
    read: readKept,
    write: (file, text) => {
      writeWhole(join(folder, file), text, file.startsWith("priv/") ? 0o600 : 0o640);
      kept.delete(file);
    },
    remove: (file) => {
      rmSync(join(folder, file), { force: true });
      kept.delete(file);
    },
    isLocked: (file) => existsSync(join(folder, "priv", "lock", lockName(file))),
    files: () => {
      const texts = [...kept.keys()].map((file) => [file, readKept(file)] as const);
      return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
    },
  };
}

function stampOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}

function writeWhole(path: string, text: string, mode: number): void {
  const folder = dirname(path);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.tmp.${process.pid}`;
  // A character beyond one byte is written as UTF-8 and read back as its bytes, as on the real server.
  writeFileSync(draft, printBytes(text), { mode });
  chmodSync(draft, mode);
  renameSync(draft, path);
}
