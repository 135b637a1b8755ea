// The audit log as a whole: lines come one after the other, each under the lock, and where one can't go it is told.

import type { AuditLine, AuditSink } from "../apply/audit.ts";
import { systemClock } from "../support/clock.ts";
import { errorCode, errorWords } from "../support/error-code.ts";
import type { Logger } from "../support/logger.ts";
import { LogEnd } from "./audit-end.ts";
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
  readonly logger: Logger;
  /** Nothing more is to be begun. */
  readonly signal: AbortSignal;
  /** This process, where undefined. */
  readonly holder?: Holder;
}

/** The one that the options name; undefined where they name none. */
export async function auditLogFor(
  { auditLog, auditMaxSize = Infinity }: AuditOptions,
  about: Pick<AuditLogOptions, "logger" | "signal">,
): Promise<OpenAuditLog | undefined> {
  if (auditLog === undefined) return undefined;
  return await openAuditLog(auditLog, { ...about, maximumBytes: auditMaxSize });
}

/** Where it can't be opened the command ends before it has asked anybody anything. */
export async function openAuditLog(path: string, options: AuditLogOptions): Promise<OpenAuditLog> {
  const log = new AuditFiles(path, { ...options, holder: options.holder ?? (await thisHolder()) });
  try {
    await log.open();
    return log;
  } catch (error) {
    await log.close();
    options.signal.throwIfAborted();
    throw new Failure(
      `--audit-log: ${path} can't be written (${reasonOf(error)}), so nothing is applied`,
      exitStatus.error,
      "name a file in a folder, both of which this user may write; a symbolic link is not followed",
      { cause: error },
    );
  }
}

/** The outcome of a write that was in flight may wait so long for the lock: longer than a lock that nobody may own is left. */
const lateMs = 12_000;

class AuditFiles implements OpenAuditLog {
  readonly #path: string;
  readonly #holder: Holder;
  readonly #end: LogEnd;
  readonly #stopping: AbortSignal;
  readonly #late: AbortSignal;
  readonly #closed = new AbortController();
  #last: string | undefined;
  #problem: string | undefined;
  #breach: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: AuditLogOptions & { readonly holder: Holder }) {
    const { maximumBytes, logger, signal, holder } = options;
    this.#path = path;
    this.#holder = holder;
    this.#stopping = signal;
    this.#late = laterThan(signal, lateMs, this.#closed.signal);
    this.#end = new LogEnd(path, {
      maximumBytes,
      onBreach: (what) => {
        this.#breach = `the audit log ${path} was changed by somebody else: ${what}`;
        logger.error(this.#breach, { last: this.#last });
      },
    });
  }

  async open(): Promise<void> {
    await this.#locked(() => this.#end.follow(), this.#stopping);
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

  breach(): string | undefined {
    return this.#breach;
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#closed.abort();
    await this.#end.close();
  }

  async #tryAppend(line: AuditLine): Promise<string | undefined> {
    // What is not sent yet need not be; what was sent has an outcome, which is worth waiting for.
    const signal = line.phase === "before" ? this.#stopping : this.#late;
    try {
      this.#last = await this.#locked(() => this.#end.append(line), signal);
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `the audit log ${this.#path} could not be written (${reasonOf(error)})`;
    }
    return this.#problem;
  }

  #locked<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return withLock(this.#path, { holder: this.#holder, clock: systemClock, signal }, work);
  }
}

/** Aborts so long after the signal did, as long as somebody needs it; keeps no process from its end. */
function laterThan(signal: AbortSignal, ms: number, over: AbortSignal): AbortSignal {
  const late = new AbortController();
  const wait = (): void => void setTimeout(() => late.abort(signal.reason), ms).unref();
  if (signal.aborted) wait();
  else signal.addEventListener("abort", wait, { once: true, signal: over });
  return late.signal;
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (/^E[A-Z]/u.test(code)) return code;
  return errorWords(error);
}
