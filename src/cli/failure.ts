import type { ExitStatus } from "./exit-status.ts";

/** A command that can't go on for a reason of the user's: message, what to do, exit status. Caught in run.ts. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly hint: string | undefined;
  readonly exitStatus: ExitStatus;

  constructor(message: string, exitStatus: ExitStatus, hint?: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.exitStatus = exitStatus;
    this.hint = hint;
  }
}
