// The one place where other programs are started. What they print is never shown: it may repeat the secret.

import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

import type { Secret } from "../model/secret.ts";
import { errorCode } from "../support/error-code.ts";

export interface Program {
  /** A path, or a name for PATH. */
  readonly command: string;
  /** Handed over as they are: no shell is between. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What it reads from its standard input. */
  readonly input?: Secret;
  /** How many bytes of its standard output are wanted; it goes nowhere where undefined. */
  readonly output?: number;
}

/** How it ended. */
export type ProgramRun = { readonly output: string } & (
  | { readonly end: "exit"; readonly status: number }
  | { readonly end: "signal"; readonly signal: string }
  | { readonly end: "not-started"; readonly code: string }
  | { readonly end: "too-late"; readonly timeoutMs: number }
  | { readonly end: "too-much"; readonly limit: number }
);

/** Starts a program and waits for its end, at most as long as it may take: then it is killed with all that it started. */
export async function runProgram(program: Program): Promise<ProgramRun> {
  const child = spawn(program.command, program.args, {
    env: program.environment,
    stdio: [program.input ? "pipe" : "ignore", program.output === undefined ? "ignore" : "pipe", "ignore"],
    // A process group of its own, so that what it starts can be ended with it.
    detached: true,
  });
  // Whether it reads all of its input is its own affair: its exit status tells whether it is content.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(program.input?.reveal());
  return await endOf(child, program);
}

function endOf(child: ChildProcess, { timeoutMs, output: limit }: Program): Promise<ProgramRun> {
  return new Promise((settle) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (run: ProgramRun): void => {
      clearTimeout(timer);
      child.stdout?.destroy();
      settle(run);
    };
    const kill = (run: ProgramRun): void => {
      killGroup(child);
      end(run);
    };
    const timer = setTimeout(() => kill({ end: "too-late", timeoutMs, output: "" }), timeoutMs);
    child.stdout?.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (limit !== undefined && length > limit) kill({ end: "too-much", limit, output: "" });
    });
    child.on("error", (error) => end({ end: "not-started", code: errorCode(error), output: "" }));
    child.on(limit === undefined ? "exit" : "close", (status: number | null, signal: string | null) => {
      const output = Buffer.concat(chunks).toString("utf8");
      end(
        status === null ? { end: "signal", signal: signal ?? "", output } : { end: "exit", status, output },
      );
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It ended by itself a moment ago.
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** Why a run is no success; completes a sentence: "NAME PROBLEM". */
export function programProblem(run: ProgramRun): string | undefined {
  switch (run.end) {
    case "exit":
      return run.status === 0
        ? undefined
        : `ended with status ${run.status} (what it printed is not shown: it may repeat the secret)`;
    case "signal":
      return `was ended by ${run.signal}`;
    case "not-started":
      return `can't be started (${run.code})`;
    case "too-late":
      return `took longer than ${run.timeoutMs / 1000} s and was killed`;
    case "too-much":
      return `printed more than ${run.limit} bytes and was killed`;
  }
}

/** Whether a program is there and may be started, without starting it. */
export async function isStartable(
  command: string,
  { PATH = "" }: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const paths = command.includes("/")
    ? [command]
    : PATH.split(delimiter).map((folder) => join(folder, command));
  for (const path of paths) {
    if (await isExecutable(path)) return true;
  }
  return false;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not executable: for whoever wants to start it both are one.
    return false;
  }
}
