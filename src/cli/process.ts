import type { Environment } from "../secrets/source.ts";
import type { ExitStatus } from "./exit-status.ts";

/** The parts of the process that commands use: what tests hand in is a plain object. */
export interface Process {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly on: (event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void) => unknown;
  readonly removeListener: (event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void) => unknown;
}

/** What a command is handed: the process, the wish to end, and where its exit status goes. */
export interface CommandContext {
  readonly process: Process;
  readonly signal: AbortSignal;
  /** Ends the command as a signal would. */
  readonly interrupt: () => void;
  readonly finish: (status: ExitStatus) => void;
}
