// The audit log as a whole: each line under the lock, behind what stands there now, in a new file where the old one is full.

import { constants } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { chainLine } from "../apply/audit-chain.ts";
import type { AuditLine, AuditSink } from "../apply/audit.ts";
import { systemClock } from "../support/clock.ts";
import { errorCode, errorWords } from "../support/error-code.ts";
import {
  endBefore,
  fullFileName,
  fullFilesOf,
  isSameFile,
  openLogFile,
  readEnding,
  statusOf,
  syncFolderOf,
  writeWhole,
  type Ending,
} from "./audit-file.ts";
import { thisHolder, withLock, type Holder } from "./audit-lock.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { AuditOptions } from "./options.ts";

export interface OpenAuditLog extends AuditSink {
  close(): Promise<void>;
}

interface AuditLogOptions {
  /** A file that would grow beyond it is full. */
  readonly maximumBytes: number;
  /** This process, where undefined. */
  readonly holder?: Holder;
}

/** The one that the options name; undefined where they name none. */
export async function auditLogFor({
  auditLog,
  auditMaxSize = Infinity,
}: AuditOptions): Promise<OpenAuditLog | undefined> {
  return auditLog === undefined ? undefined : await openAuditLog(auditLog, { maximumBytes: auditMaxSize });
}

/** Where it can't be opened the command ends before it has asked anybody anything. */
export async function openAuditLog(path: string, options: AuditLogOptions): Promise<OpenAuditLog> {
  const log = new AuditFiles(path, options.maximumBytes, options.holder ?? (await thisHolder()));
  try {
    await log.open();
    return log;
  } catch (error) {
    await log.close();
    throw new Failure(
      `--audit-log: ${path} can't be written (${reasonOf(error)}), so nothing is applied`,
      exitStatus.error,
      "name a file in a folder, both of which this user may write; a symbolic link is not followed",
      { cause: error },
    );
  }
}

class AuditFiles implements OpenAuditLog {
  readonly #path: string;
  readonly #maximumBytes: number;
  readonly #holder: Holder;
  #file: FileHandle | undefined;
  /** As this process left the file; undefined where it must be looked at. */
  #known: Ending | undefined;
  #last: string | undefined;
  #problem: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, maximumBytes: number, holder: Holder) {
    this.#path = path;
    this.#maximumBytes = maximumBytes;
    this.#holder = holder;
  }

  async open(): Promise<void> {
    await this.#locked(() => this.#follow());
  }

  /** Targets that are at work at once come one after the other. */
  append(line: AuditLine): Promise<string | undefined> {
    const appended = this.#queue.then(() => this.#tryAppend(line));
    this.#queue = appended;
    return appended;
  }

  lastHash(): string | undefined {
    return this.#last;
  }

  problem(): string | undefined {
    return this.#problem;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#file?.close();
  }

  async #tryAppend(line: AuditLine): Promise<string | undefined> {
    try {
      await this.#locked(() => this.#append(line));
      this.#problem = undefined;
    } catch (error) {
      this.#known = undefined;
      this.#problem = `the audit log ${this.#path} could not be written (${reasonOf(error)})`;
    }
    return this.#problem;
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    return withLock(this.#path, { holder: this.#holder, clock: systemClock }, work);
  }

  async #append(line: AuditLine): Promise<void> {
    let { file, ending } = await this.#follow();
    const { text, hash } = chainLine(line, ending.tail);
    if (ending.size > 0 && ending.size + Buffer.byteLength(text) > this.#maximumBytes) {
      file = await this.#replace(file);
      ending = { ...ending, size: 0, isEnded: true };
    }
    const bytes = Buffer.from(ending.isEnded ? text : `\n${text}`);
    await writeWhole(file, bytes, ending.size);
    this.#known = { size: ending.size + bytes.length, tail: { hash, torn: [] }, isEnded: true };
    this.#last = hash;
  }

  /** The file that the path leads to now, which somebody may have renamed, cut or added to, and what a line there follows. */
  async #follow(): Promise<{ readonly file: FileHandle; readonly ending: Ending }> {
    const before = this.#file;
    const there = await statusOf(this.#path);
    if (before !== undefined && isSameFile(there, await before.stat()))
      return { file: before, ending: await this.#endingOf(before) };
    const file = await openLogFile(this.#path);
    try {
      if (there === undefined) await syncFolderOf(this.#path);
      const own = await readEnding(file);
      const ending = own.size > 0 ? own : { ...own, tail: (await endBefore(this.#path, before)).tail };
      this.#file = file;
      await before?.close();
      return { file, ending };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of the file that this process has open. Where it is shorter than it was left, the chain shows that. */
  async #endingOf(file: FileHandle): Promise<Ending> {
    const known = this.#known;
    if (known !== undefined) {
      const { size } = await file.stat();
      if (size === known.size) return known;
      if (size < known.size) return { ...(await readEnding(file)), tail: known.tail };
    }
    const own = await readEnding(file);
    return own.size > 0 ? own : { ...own, tail: (await endBefore(this.#path, undefined)).tail };
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
    await full.close();
    if ((mode & 0o777) !== 0o600) await fresh.chmod(mode & 0o777);
    await syncFolderOf(this.#path);
    return fresh;
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (/^E[A-Z]/u.test(code)) return code;
  return errorWords(error);
}
