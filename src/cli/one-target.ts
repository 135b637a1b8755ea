// The one target that a command reads and shows, as its planCredentials see it.

import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { LiveState } from "../model/live-state.ts";
import { readToAsk } from "../reconcile/ask.ts";
import type { Ended } from "../reconcile/open.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { ExecOptions, LogOptions, ManifestOptions } from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates } from "./targets.ts";

export interface OneTargetOptions extends ManifestOptions, LogOptions, ExecOptions {
  readonly target?: readonly string[];
  readonly color: boolean;
}

export interface ReadTarget {
  readonly desired: DesiredOverTime;
  readonly live: LiveState;
}

export async function readOneTarget(
  options: OneTargetOptions,
  { process, signal }: CommandContext,
  purpose: "ask" | "export" = "ask",
): Promise<ReadTarget> {
  const desired = await chooseTarget(options, process);
  const live = await readToAsk(desired, surroundingsOf(process, options), signal, purpose);
  if ("status" in live) throw failureOf(desired.target.name, live);
  return { desired, live };
}

/** Reads manifests, asks nobody. */
export async function chooseTarget(options: OneTargetOptions, process: Process): Promise<DesiredOverTime> {
  const states = await desiredStates(process, { ...options, output: "text" });
  const [desired, ...others] = states;
  if (desired !== undefined && others.length === 0) return desired;
  throw notOneTarget(states.map(({ target }) => target.name));
}

function notOneTarget(names: readonly string[]): Failure {
  const [first] = names;
  return first === undefined
    ? new Failure("the manifests have no target to ask", exitStatus.error, "or ask a file with --from")
    : new Failure(
        `one target is asked at a time, and there are ${names.length}: ${names.join(", ")}`,
        exitStatus.error,
        `choose one, as --target ${first}`,
      );
}

function failureOf(name: string, { error: { code, message, hint } }: Ended): Failure {
  return new Failure(`${name}: ${code}: ${message}`, exitStatus.error, hint);
}
