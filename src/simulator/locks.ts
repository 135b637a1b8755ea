// In: which files another node has locked. Out: the work done under a lock, or the server's words where it is not to be
// had. Must not know: what the work is, what it costs to wait.

import { failure, prefixed, Refusal } from "./refusal.ts";

/** Every write of such a file is made under the cluster's lock of it. */
export type LockedFile = "user.cfg" | "domains.cfg" | "priv/shadow.cfg" | "priv/token.cfg";

/** Another node holds the lock, or without a quorum nobody can take one. */
export type LockProblem = "held" | "no-quorum";

export interface Locks {
  problemOf(file: LockedFile): LockProblem | undefined;
  /** From now on; undefined: it is free again. */
  set(file: LockedFile, problem: LockProblem | undefined): void;
  /** For as long as the work takes, all of them. */
  during<T>(problem: LockProblem, work: () => T): T;
}

/** `isHeld` tells of locks that were set from outside. */
export function openLocks(isHeld: (file: LockedFile) => boolean): Locks {
  const problems = new Map<LockedFile, LockProblem>();
  let general: LockProblem | undefined;
  return {
    problemOf: (file) => general ?? problems.get(file) ?? (isHeld(file) ? "held" : undefined),
    set: (file, problem) => {
      if (problem === undefined) problems.delete(file);
      else problems.set(file, problem);
    },
    during: (problem, work) => {
      general = problem;
      try {
        return work();
      } finally {
        general = undefined;
      }
    },
  };
}

/** What the lock of a file is called, as a directory below priv/lock/ too. */
export function lockName(file: LockedFile): string {
  return `file-${file.replace(/[/.]/gu, "_")}`;
}

/** The server tries once a second. */
const lockWaitMs = 10_000;

const words: Readonly<Record<LockProblem, string>> = {
  held: "got lock request timeout",
  "no-quorum": "no quorum!",
};

interface Lockable {
  readonly locks: Locks;
}

/** Recorded (lock-timeout); of the file with the tokens' secrets with one line feed more. */
export function requireLock({ locks }: Lockable, file: LockedFile): void {
  const problem = locks.problemOf(file);
  if (problem === undefined) return;
  const end = file === "priv/token.cfg" ? "\n" : "";
  const { message } = failure(`cfs-lock '${lockName(file)}' error: ${words[problem]}${end}`);
  throw new Refusal(message, { status: 500, isCoded: false, waitedMs: lockWaitMs });
}

/**
 * Runs work that the server does under a lock. Whatever fails in there loses its status to the lock's 500 and becomes
 * text behind the prefix, parameter errors included.
 */
export function underLock<T>(
  host: Lockable,
  prefix: string,
  work: () => T,
  file: LockedFile = "user.cfg",
): T {
  try {
    requireLock(host, file);
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw prefixed(prefix, error);
  }
}
