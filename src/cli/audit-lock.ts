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
  /** Within which `pid` means one process: a boot and a namespace of processes. */
  readonly world: string | undefined;
}

/** A line takes milliseconds, on a disk that is busy seconds. */
const longestHoldMs = 10_000;
const longestWaitMs = 60_000;
const pollMs = 10;
const never = new AbortController().signal;

export async function thisHolder(): Promise<Holder> {
  const [boot, namespace] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined),
    readlink("/proc/self/ns/pid").catch(() => undefined),
  ]);
  const isKnown = boot !== undefined && namespace !== undefined;
  return { pid: process.pid, world: isKnown ? `${boot.trim()} ${namespace}` : undefined };
}

/** Throws where the lock can't be had. */
export async function withLock<T>(
  path: string,
  { holder, clock }: { readonly holder: Holder; readonly clock: Clock },
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const own = [holder.pid, randomUUID(), holder.world ?? ""].join(" ");
  const startedMs = clock.now();
  let seen = { text: "", sinceMs: startedMs };
  while (!(await isTaken(lock, own))) {
    const text = await readlink(lock).catch(orMissing);
    const nowMs = clock.now();
    if (text === undefined) continue;
    if (text !== seen.text) seen = { text, sinceMs: nowMs };
    if (nowMs - startedMs > longestWaitMs) throw new Error(`others hold its lock ${lock} all the time`);
    if (isGone(text, holder) || nowMs - seen.sinceMs > longestHoldMs) await breakLock(lock, text);
    else await clock.sleep(pollMs, never);
  }
  try {
    return await work();
  } finally {
    await unlink(lock).catch(orMissing);
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

/** Whether the process that made it can't be there any more: this one holds none while it waits. */
function isGone(text: string, holder: Holder): boolean {
  const [pid = "", , ...world] = text.split(" ");
  if (holder.world === undefined || world.join(" ") !== holder.world) return false;
  if (Number(pid) === holder.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
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
