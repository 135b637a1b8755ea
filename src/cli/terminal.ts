// Talking to a person: colours, questions, progress; only where there is a terminal.

import { createInterface } from "node:readline/promises";
import type { Clock } from "../support/clock.ts";
import { coloured, plain, type Palette } from "../support/palette.ts";
import type { Process } from "./process.ts";

/** Colours are for terminals; https://no-color.org asks for none where NO_COLOR is set and not empty. */
export function paletteFor({ stdout, env }: Process, isAllowed: boolean): Palette {
  return isAllowed && stdout.isTTY === true && !env["NO_COLOR"] ? coloured : plain;
}

/** What a person answered; `interrupted` where it was Ctrl-C. */
export type Answer = "yes" | "no" | "interrupted";

/** A question on standard error, so that what is piped stays clean. Only `yes` and `y` are yes; no answer is no. */
export async function ask(
  { stdin, stderr }: Process,
  question: string,
  signal: AbortSignal,
): Promise<Answer> {
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new Promise<string | undefined>((resolve) => {
    lines.once("close", () => resolve(""));
    lines.once("SIGINT", () => resolve(undefined));
  });
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    if (answer === undefined) return "interrupted";
    return /^y(?:es)?$/iu.test(answer.trim()) ? "yes" : "no";
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return "interrupted";
    throw error;
  } finally {
    lines.close();
  }
}

export interface Progress {
  show(text: string): void;
  end(): void;
}

/** One line that rewrites itself, from the first second on; nothing where standard error is no terminal. */
export function progressOn({ stderr }: Process, clock: Pick<Clock, "now">): Progress {
  if (stderr.isTTY !== true) return { show: () => undefined, end: () => undefined };
  const start = clock.now();
  let isShown = false;
  return {
    show: (text) => {
      if (clock.now() - start < 1000) return;
      isShown = true;
      stderr.write(`\r\u001b[2K${text}`);
    },
    end: () => {
      if (isShown) stderr.write("\r\u001b[2K");
    },
  };
}
