// Talking to a person: colours, questions, progress; only where there is a terminal.

import { createInterface } from "node:readline/promises";
import type { Clock } from "../support/clock.ts";
import { coloured, plain, type Palette } from "../support/palette.ts";
import type { Process } from "./process.ts";

/** Colours are for terminals; https://no-color.org asks for none where NO_COLOR is set and not empty. */
export function paletteFor({ stdout, env }: Process, isAllowed: boolean): Palette {
  return isAllowed && stdout.isTTY === true && !env["NO_COLOR"] ? coloured : plain;
}

/** A question on standard error, so that what is piped stays clean. Only `yes` and `y` are yes; no answer is no. */
export async function ask(
  { stdin, stderr }: Process,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(?:es)?$/iu.test(answer.trim());
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
