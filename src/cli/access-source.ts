// What a question about access is asked of: a server, or a copy of its user.cfg.

import { Option, type Command } from "commander";
import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import type { AccessState } from "../model/access-state.ts";
import type { Product } from "../model/product.ts";
import { pve } from "../model/pve.ts";
import { nameServer } from "../reconcile/ask.ts";
import { systemClock, type Clock } from "../support/clock.ts";
import {
  addLogOptions,
  addManifestOptions,
  targetOption,
  allowExecOption,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import { readOneTarget } from "./one-target.ts";
import type { CommandContext } from "./process.ts";
import { newestVersion, refuseVersionOfServer } from "./release.ts";
import { readCopy } from "./server-copy.ts";

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
        "ask a copy of the server's own file, or of its folder, and no server; - for standard input",
      ).conflicts(["filename", "config", "target"]),
    )
    .option("--server-version <version>", `the release that --from is of (default: ${newestVersion})`);
  return addLogOptions(chosen)
    .addOption(allowExecOption())
    .option("--no-color", "no colours (also: NO_COLOR in the environment)");
}

export async function openSource(options: SourceOptions, context: CommandContext): Promise<Source> {
  const { from, serverVersion } = options;
  refuseVersionOfServer(options);
  if (from !== undefined) {
    const { state, name } = await readCopy(from, serverVersion, context.process);
    return sourceOf(state, name, systemClock);
  }
  return await sourceFromServer(options, context);
}

async function sourceFromServer(options: SourceOptions, context: CommandContext): Promise<Source> {
  const { desired, live } = await readOneTarget(options, context);
  const { name, product } = desired.target;
  return sourceOf(live.state, nameServer(name, product, live), systemClock);
}

function sourceOf(state: AccessState, name: string, clock: Pick<Clock, "now">): Source {
  return { index: indexAccess(state), product: pve, name, nowSeconds: Math.floor(clock.now() / 1000) };
}
