// In: words. Out: what the built command did with them. Must not know: what any test is about.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
/** What `bin.rolecall` of package.json names. */
export const main = join(root, "dist", "rolecall.js");
/** Nothing of Rolecall, nor of what it stands on, makes code of a text: whatever is tried here is tried without it. */
export const withoutEval = "--disallow-code-generation-from-strings";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Handed the process while it runs. */
  readonly meanwhile?: (child: ChildProcess) => void;
}

/** No variable of the test's own process reaches it but the search path. */
export async function rolecall(words: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const { cwd, env, stdin = "", meanwhile } = surroundings;
  const child = spawn(process.execPath, [withoutEval, main, ...words], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  // A command that reads no standard input may end before it is written.
  child.stdin.on("error", () => undefined).end(stdin);
  meanwhile?.(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: child.exitCode, stdout, stderr };
}
