// What a question about access is asked of: a server, or a copy of its user.cfg.

import { Option, type Command } from "commander";
import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import type { AccessState } from "../model/access-state.ts";
import type { Product } from "../model/product.ts";
import { pve } from "../model/pve.ts";
import { nameServer, readToAsk } from "../reconcile/ask.ts";
import type { Ended } from "../reconcile/open.ts";
import { systemClock, type Clock } from "../support/clock.ts";
import { readCopy } from "./access-file.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import {
  addLogOptions,
  addManifestOptions,
  targetOption,
  allowExecOption,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext } from "./process.ts";
import { newestVersion } from "./release.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates } from "./targets.ts";

export interface SourceOptions extends ManifestOptions, LogOptions, ExecOptions {
  readonly target?: readonly string[];
  readonly from?: string;
  readonly serverVersion?: string;
  readonly color: boolean;
}

export interface Source {
  readonly index: AccessIndex;
  readonly product: Product;
  /** `office (pve 9.2.11)` */
  readonly name: string;
  readonly nowSeconds: number;
}

export function addSourceOptions(command: Command): Command {
  const chosen = addManifestOptions(command)
    .addOption(targetOption("the target to ask, where the manifests have several"))
    .addOption(
      new Option(
        "--from <user.cfg>",
        "ask a copy of the server's own file and no server; - for standard input",
      ).conflicts(["filename", "config", "target"]),
    )
    .option("--server-version <version>", `the release that --from is of (default: ${newestVersion})`);
  return addLogOptions(chosen)
    .addOption(allowExecOption())
    .option("--no-color", "no colours (also: NO_COLOR in the environment)");
}

export async function openSource(options: SourceOptions, context: CommandContext): Promise<Source> {
  const { from, serverVersion } = options;
  if (from !== undefined) {
    const { state, name } = await readCopy(from, serverVersion ?? newestVersion, context.process);
    return sourceOf(state, name, systemClock);
  }
  if (serverVersion !== undefined)
    throw new Failure(
      "--server-version goes with --from",
      exitStatus.error,
      "a server tells its release itself",
    );
  return await sourceFromServer(options, context);
}

async function sourceFromServer(
  options: SourceOptions,
  { process, signal }: CommandContext,
): Promise<Source> {
  const states = await desiredStates(process, { ...options, output: "text" });
  const [desired, ...others] = states;
  if (desired === undefined || others.length > 0) throw notOneTarget(states.map(({ target }) => target.name));
  const surroundings = surroundingsOf(process, options);
  const live = await readToAsk(desired, surroundings, signal);
  const { name, product } = desired.target;
  if ("status" in live) throw failureOf(name, live);
  return sourceOf(live.state, nameServer(name, product, live), surroundings.clock);
}

function sourceOf(state: AccessState, name: string, clock: Pick<Clock, "now">): Source {
  return { index: indexAccess(state), product: pve, name, nowSeconds: Math.floor(clock.now() / 1000) };
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
