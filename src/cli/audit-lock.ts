// The door to the lock that whoever adds to an audit log holds while it does: a symbolic link beside the log, since a link is
// made with what it says in one step. Held for a line, not for a run (docs/decisions/037).

import { randomUUID } from "node:crypto";
import { readFile, readlink, rename, symlink, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "../support/clock.ts";
import { errorCode } from "../support/error-code.ts";

/** Which process holds it; where there is no `world`, nobody else can tell whether that process lives. */
export interface Holder {
  readonly pid: number;
  /** When it began, in ticks of the machine's clock: ids are used again. */
  readonly began: string;
  /** Within which `pid` means one process: a boot and a namespace of processes. */
  readonly world: string | undefined;
}

/** A line takes milliseconds, on a disk that is busy seconds. */
const longestHoldMs = 10_000;
const longestWaitMs = 60_000;
const pollMs = 10;

export interface Waiting {
  readonly holder: Holder;
  readonly clock: Clock;
  /** Whoever waits gives up. */
  readonly signal: AbortSignal;
}

export async function thisHolder(): Promise<Holder> {
  const [began, boot, namespace] = await Promise.all([
    beginningOf(process.pid),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined),
    readlink("/proc/self/ns/pid").catch(() => undefined),
  ]);
  const isKnown = began !== undefined && boot !== undefined && namespace !== undefined;
  return { pid: process.pid, began: began ?? "", world: isKnown ? `${boot.trim()} ${namespace}` : undefined };
}

/** Throws where the lock can't be had, and the signal's reason where it is not waited for any longer. */
export async function withLock<T>(
  path: string,
  { holder, clock, signal }: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const own = [holder.pid, holder.began, randomUUID(), holder.world ?? ""].join(" ");
  const startedMs = clock.now();
  let seen = { text: "", sinceMs: startedMs };
  while (!(await isTaken(lock, own))) {
    signal.throwIfAborted();
    const nowMs = clock.now();
    if (nowMs - startedMs > longestWaitMs) throw new Error(`others hold its lock ${lock} all the time`);
    // Missing where its holder gave it back since: one of those who wait gets it next, as a rule another one.
    const text = (await readlink(lock).catch(orMissing)) ?? "";
    if (text !== seen.text) seen = { text, sinceMs: nowMs };
    const fate = text === "" ? "alive" : await fateOf(text, holder);
    if (fate === "gone" || (fate === "unknown" && nowMs - seen.sinceMs > longestHoldMs))
      await breakLock(lock, text);
    else await clock.sleep(pollMs, signal).catch(() => signal.throwIfAborted());
  }
  try {
    return await work();
  } finally {
    // Who was taken for gone must not take the lock of its heir away.
    if ((await readlink(lock).catch(orMissing)) === own) await unlink(lock).catch(orMissing);
  }
}

async function isTaken(lock: string, own: string): Promise<boolean> {
  try {
    await symlink(own, lock);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** What became of the process that made it. Who lives keeps it, however slow its disk; this one holds none while it waits. */
async function fateOf(text: string, holder: Holder): Promise<"alive" | "gone" | "unknown"> {
  const [pid = "", began = "", , ...world] = text.split(" ");
  if (holder.world === undefined || world.join(" ") !== holder.world) return "unknown";
  if (Number(pid) === holder.pid || isNoProcess(Number(pid))) return "gone";
  const shown = await beginningOf(Number(pid));
  // It may be there and not be shown: /proc can hide the processes of others.
  if (shown === undefined) return "unknown";
  return shown === began ? "alive" : "gone";
}

function isNoProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
}

/** proc(5); undefined where there is no such process, or only what is left of one that ended. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The program's name, in parentheses, may hold anything.
  const fields = status?.slice(status.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" ? undefined : fields?.[19];
}

/** Two may think so at once: who moved away another lock than that which was left behind puts it back. */
async function breakLock(lock: string, left: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  if ((await readlink(lock).catch(orMissing)) !== left) return;
  await rename(lock, aside).catch(orMissing);
  const moved = await readlink(aside).catch(orMissing);
  if (moved === undefined) return;
  if (moved !== left) await isTaken(lock, moved);
  await unlink(aside).catch(orMissing);
}

function orMissing(error: unknown): undefined {
  if (errorCode(error) !== "ENOENT") throw error;
}
