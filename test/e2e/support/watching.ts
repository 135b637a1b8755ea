// In: a folder and an environment. Out: a daemon at work in it, as a process. Must not know: what tests ask of it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";
import type { StatusDocument, TargetDocument } from "../../../src/daemon/status.ts";
import { main, withoutEval } from "./command.ts";

export interface Watching {
  readonly child: ChildProcess;
  readonly url: string;
  /** Every line of the log so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  status(): Promise<StatusDocument>;
  target(name: string): Promise<TargetDocument | undefined>;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Waits until it holds; gives up after the time, saying what the daemon said. */
  until(what: string, holds: () => boolean | Promise<boolean>, withinMs?: number): Promise<void>;
  /** Waits until the target's last pass ended so, under manifests of another digest than the one given. */
  untilPass(name: string, result: string, not?: string): Promise<TargetDocument>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts daemons and ends them all: `afterEach(daemons.close)`. */
export function useDaemons(): {
  readonly open: (
    at: {
      readonly folder: string;
      readonly env: Readonly<Record<string, string>>;
      /** The built command where it is left out. */
      readonly program?: string;
    },
    ...words: readonly string[]
  ) => Promise<Watching>;
  readonly close: () => Promise<void>;
} {
  const opened: Watching[] = [];
  return {
    open: async ({ folder, env, program = main }, ...words) => {
      const watching = await start(folder, env, [program, "watch", ...words]);
      opened.push(watching);
      return watching;
    },
    close: async () => {
      for (const watching of opened.splice(0)) await watching.stop("SIGKILL");
    },
  };
}

async function start(
  cwd: string,
  env: Readonly<Record<string, string>>,
  [program, command, ...words]: readonly [string, string, ...(readonly string[])],
): Promise<Watching> {
  const all = [program, command, "--listen", "127.0.0.1:0", "--settle", "1s", ...words];
  const child = spawn(process.execPath, [withoutEval, ...all], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  const log: Record<string, unknown>[] = [];
  let rest = "";
  child.stderr.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    // Proof: off a terminal the log is JSON; what is none is a trace, and worth seeing.
    for (const line of lines)
      log.push(line.startsWith("{") ? (JSON.parse(line) as (typeof log)[0]) : { line });
  });
  const url = await listening(child, log);
  const get: Watching["get"] = async (path) => {
    const answer = await request(`${url}${path}`);
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  // Proof: the schema's own test holds the answer to it.
  const status = async (): Promise<StatusDocument> =>
    JSON.parse((await get("/api/v1/status")).text) as StatusDocument;
  const target: Watching["target"] = async (name) =>
    (await status()).targets.find((one) => one.name === name);
  const until: Watching["until"] = async (what, holds, withinMs = 10_000) => {
    const end = Date.now() + withinMs;
    while (!(await holds())) {
      if (Date.now() > end)
        throw new Error(`never: ${what}; the log: ${JSON.stringify(log.slice(-10), null, 1)}`);
      await wait(30);
    }
  };
  return {
    child,
    url,
    log,
    status,
    target,
    get,
    until,
    untilPass: async (name, result, not) => {
      let last: TargetDocument | undefined;
      await until(`${name} ${result}`, async () => {
        last = await target(name);
        return last?.lastPass?.result === result && last.observedDigest !== not && !last.atWork;
      });
      if (last === undefined) throw new Error("no such target");
      return last;
    },
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "close");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

async function listening(child: ChildProcess, log: readonly unknown[]): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const url = /^listening on (\S+)\n/u.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the daemon never listened: ${JSON.stringify(log)}`);
}
