// In: the process. Out: an exit status. Must not know: what commands do.

import { CommanderError } from "commander";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";
import { programFor } from "./program.ts";
import { printable } from "../support/printable.ts";

/** Runs the command line. A first signal asks the command to end where things stand well, a second one ends at once. */
export async function run(process: Process & { exit(code: number): never }): Promise<ExitStatus> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitStatus.interrupted);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  let status: ExitStatus = exitStatus.ok;
  const finish = (result: ExitStatus): void => {
    status = result;
  };
  try {
    const program = await programFor({ process, signal: controller.signal, finish });
    await program.parseAsync(process.argv);
    return status;
  } catch (error) {
    return ending(error, process, controller.signal);
  } finally {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  }
}

function ending(error: unknown, process: Process, signal: AbortSignal): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.error;
  if (error instanceof Failure) {
    process.stderr.write(
      `rolecall: ${printable(error.message)}\n${error.hint === undefined ? "" : `  hint: ${printable(error.hint)}\n`}`,
    );
    return error.exitStatus;
  }
  if (signal.aborted) return exitStatus.interrupted;
  process.stderr.write(
    `rolecall: this is a bug, please report it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitStatus.bug;
}
