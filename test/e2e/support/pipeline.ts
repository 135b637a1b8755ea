// In: steps of a pipeline. Out: what became of them, run by bash with the forge's tools stood in for. Must not know: any
// forge's file format.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { main, root, type Ended } from "./command.ts";

export interface Answer {
  /** A part of the call, as `gh api --method PATCH`. */
  readonly when: string;
  readonly say?: string;
  readonly status?: number;
  /** A file that the call brings; `to` is below the folder that it is called in. */
  readonly copy?: { readonly from: string; readonly to: string };
}

interface Call {
  readonly call: string;
  /** What plan.md held then. */
  readonly comment: string;
}

export interface Forge {
  readonly bash: (script: string, options: Bash) => Promise<Ended>;
  readonly calls: () => readonly Call[];
  /** From now on; the first that fits counts. */
  readonly answer: (answers: readonly Answer[]) => void;
}

interface Bash {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** As the forge starts bash: `-e` on GitHub, `-eo pipefail` on GitLab. */
  readonly flags: readonly string[];
}

/** Tools are stood in for where they would reach a forge or a registry; `rolecall` is the built command. */
export function openForge(folder: string, tools: readonly string[]): Forge {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const put = (name: string, command: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  };
  put("rolecall", `"${process.execPath}" "${main}"`);
  const standIn = join(root, "test", "e2e", "support", "forge.mjs");
  for (const tool of tools) put(tool, `"${process.execPath}" "${standIn}" ${tool}`);
  const calls = join(folder, "calls.jsonl");
  return {
    bash: async (script, { cwd, env, flags }) => {
      const path = `${bin}:${process.env["PATH"] ?? ""}`;
      const child = spawn("bash", ["--noprofile", "--norc", ...flags, "-c", script], {
        cwd,
        env: { ...env, PATH: path, FORGE: folder },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [stdout, stderr] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      return { status: child.exitCode, stdout, stderr };
    },
    calls: () => {
      if (!existsSync(calls)) return [];
      // Proof: forge.mjs writes these lines.
      return readFileSync(calls, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Call);
    },
    answer: (answers) => writeFileSync(join(folder, "answers.json"), JSON.stringify(answers)),
  };
}
