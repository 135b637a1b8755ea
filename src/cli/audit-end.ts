// The end of an audit log, wherever it is: behind the last line of the file that the path leads to now, or in a new one where
// that is full. Held between two lines, and looked at before each, since others write there too. Call it under the lock.

import { constants } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { chainLine } from "../apply/audit-chain.ts";
import type { AuditLine } from "../apply/audit.ts";
import {
  isSameFile,
  openLogFile,
  readEnding,
  statusOf,
  syncFolderOf,
  writeWhole,
  type Ending,
} from "./audit-file.ts";
import { endBefore, fullFileName, fullFilesOf } from "./audit-full.ts";
import { breachAcross, breachSince, type OwnLine } from "./audit-witness.ts";

interface Place {
  readonly file: FileHandle;
  readonly ending: Ending;
}

interface EndOptions {
  /** A file that would grow beyond it is full. */
  readonly maximumBytes: number;
  /** Told how the file is not as it was left. */
  readonly onBreach: (what: string) => void;
}

export class LogEnd {
  readonly #path: string;
  readonly #options: EndOptions;
  #file: FileHandle | undefined;
  /** In the file that is open; undefined where this process has written no line there. */
  #own: OwnLine | undefined;

  constructor(path: string, options: EndOptions) {
    this.#path = path;
    this.#options = options;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** Gives the line's hash. */
  async append(line: AuditLine): Promise<string> {
    let { file, ending } = await this.follow();
    const { text, hash } = chainLine(line, ending.tail);
    if (ending.size > 0 && ending.size + Buffer.byteLength(text) > this.#options.maximumBytes) {
      file = await this.#replace(file);
      ending = { ...ending, size: 0, isEnded: true };
    }
    const bytes = Buffer.from(ending.isEnded ? text : `\n${text}`);
    await writeWhole(file, bytes, ending.size);
    const end = ending.size + bytes.length;
    this.#own = { start: end - Buffer.byteLength(text), end, hash };
    return hash;
  }

  /** The file that the path leads to now, which somebody may have renamed, cut or added to, and what a line there follows. */
  async follow(): Promise<Place> {
    const before = this.#file;
    const there = await statusOf(this.#path);
    if (before !== undefined && isSameFile(there, await before.stat()))
      return { file: before, ending: await this.#endingOf(before) };
    const file = await openLogFile(this.#path);
    try {
      if (there === undefined) await syncFolderOf(this.#path);
      const ending = await this.#endingOfNew(file, before, there !== undefined);
      this.#file = file;
      this.#own = undefined;
      await before?.close();
      return { file, ending };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of the file that this process has open. One that was emptied was copied before, and the chain goes on. */
  async #endingOf(file: FileHandle): Promise<Ending> {
    const own = this.#own;
    const ending = await readEnding(file);
    if (own === undefined) return this.#sound(await this.#afterFull(ending, undefined));
    if (ending.size === 0) return goingOn(ending, own);
    const breach = await breachSince(own, file);
    return breach === undefined ? ending : this.#breached(ending, own, breach);
  }

  /** Of one that is now where the other was. */
  async #endingOfNew(file: FileHandle, before: FileHandle | undefined, wasThere: boolean): Promise<Ending> {
    const ending = await this.#afterFull(await readEnding(file), before);
    const own = this.#own;
    if (before === undefined || own === undefined) return this.#sound(ending);
    const isGone = !wasThere && (await before.stat()).nlink === 0;
    const breach = isGone ? "it was removed" : await breachAcross(own, this.#path, [before, file]);
    return breach === undefined ? ending : this.#breached(ending, own, breach);
  }

  async #afterFull(ending: Ending, before: FileHandle | undefined): Promise<Ending> {
    return ending.size > 0 ? ending : { ...ending, tail: (await endBefore(this.#path, before)).tail };
  }

  #sound(ending: Ending): Ending {
    if (ending.isChanged) this.#options.onBreach("its last line was changed");
    return ending;
  }

  /** What is added follows what was written, not what stands there: so the proof shows the breach, too. */
  #breached(ending: Ending, own: OwnLine, what: string): Ending {
    this.#options.onBreach(what);
    return goingOn(ending, own);
  }

  /** The full file gets its number; a process that dies after that leaves no file, and the next one goes on from the full one. */
  async #replace(full: FileHandle): Promise<FileHandle> {
    const { mode } = await full.stat();
    const number = ((await fullFilesOf(this.#path)).at(-1)?.number ?? 0) + 1;
    await rename(this.#path, fullFileName(this.#path, number));
    await syncFolderOf(this.#path);
    const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants;
    const fresh = await open(this.#path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o600);
    this.#file = fresh;
    this.#own = undefined;
    await full.close();
    if ((mode & 0o777) !== 0o600) await fresh.chmod(mode & 0o777);
    await syncFolderOf(this.#path);
    return fresh;
  }
}

function goingOn(ending: Ending, { hash }: OwnLine): Ending {
  return { ...ending, tail: { hash, torn: [] } };
}
