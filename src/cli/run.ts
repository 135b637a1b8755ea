// In: the process. Out: an exit status. Must not know: what commands do.

import { CommanderError } from "commander";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";
import { programFor } from "./program.ts";
import { errorTrace } from "../support/error-code.ts";
import { printable } from "../support/printable.ts";

/** What only this file uses of it. */
interface WholeProcess extends Process {
  exit(code: number): never;
  readonly on: Process["on"] & ((event: "uncaughtException", listener: (error: unknown) => void) => unknown);
}

/** Runs the command line. A first signal asks the command to end where things stand well, a second one ends at once. */
export async function run(process: WholeProcess): Promise<ExitStatus> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitStatus.interrupted);
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // What is thrown where nobody waits for it: a bug like any other, and not the status of wrong input, which Node ends with.
  const endAsBug = (error: unknown): void => {
    sayBug(error, process);
    process.exit(exitStatus.bug);
  };
  process.on("uncaughtException", endAsBug);
  let status: ExitStatus = exitStatus.ok;
  let unwritten: Error | undefined;
  // Without a listener a reader that went away would end the program in the middle of what it does.
  const noteLoss = (error: Error): void => {
    if (!("code" in error && error.code === "EPIPE")) unwritten ??= error;
  };
  process.stdout.on("error", noteLoss);
  process.stderr.on("error", noteLoss);
  const finish = (result: ExitStatus): void => {
    status = result;
  };
  try {
    const program = await programFor({ process, signal: controller.signal, interrupt: stop, finish });
    await program.parseAsync(process.argv);
    return unwritten === undefined ? status : sayLoss(unwritten, status, process);
  } catch (error) {
    return ending(error, process, controller.signal);
  } finally {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  }
}

/** Output that was lost is an error, unless the status says something worse already. */
function sayLoss(error: Error, status: ExitStatus, process: Process): ExitStatus {
  process.stderr.write(`rolecall: the output could not be written: ${printable(error.message)}\n`);
  return status === exitStatus.ok ? exitStatus.error : status;
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
  sayBug(error, process);
  return exitStatus.bug;
}

function sayBug(error: unknown, { stderr }: Process): void {
  stderr.write(`rolecall: this is a bug, please report it\n${errorTrace(error)}\n`);
}
