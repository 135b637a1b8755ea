// What a question about access is asked of: a server, or a copy of its user.cfg.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Option, type Command } from "commander";
import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import type { AccessState } from "../model/access-state.ts";
import type { Product } from "../model/product.ts";
import { pve } from "../model/pve.ts";
import { observe } from "../reconcile/observe.ts";
import { openTarget, type Ended } from "../reconcile/open.ts";
import { accessStateFrom } from "../usercfg/access-state.ts";
import { parseUserCfg } from "../usercfg/parse.ts";
import { releaseOf } from "../usercfg/release.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import {
  addLogOptions,
  addManifestOptions,
  targetOption,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates } from "./targets.ts";

export interface SourceOptions extends ManifestOptions, LogOptions {
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

const defaultVersion = "9.2.11";

export function addSourceOptions(command: Command): Command {
  const chosen = addManifestOptions(command)
    .addOption(targetOption("the target to ask, where the manifests have several"))
    .addOption(
      new Option(
        "--from <user.cfg>",
        "ask a copy of the server's own file and no server; - for standard input",
      ).conflicts(["filename", "config", "target"]),
    )
    .option("--server-version <version>", `the release that --from is of (default: ${defaultVersion})`);
  return addLogOptions(chosen).option("--no-color", "no colours (also: NO_COLOR in the environment)");
}

export async function openSource(options: SourceOptions, context: CommandContext): Promise<Source> {
  if (options.from !== undefined) return await sourceFromFile(options.from, options, context);
  if (options.serverVersion !== undefined)
    throw new Failure(
      "--server-version goes with --from",
      exitStatus.error,
      "a server tells its release itself",
    );
  return await sourceFromServer(options, context);
}

async function sourceFromFile(
  file: string,
  options: SourceOptions,
  { process }: CommandContext,
): Promise<Source> {
  const { serverVersion = defaultVersion } = options;
  const release = releaseOf(serverVersion);
  if (release === undefined)
    throw new Failure(
      `--server-version ${serverVersion} is no release of Proxmox VE 7, 8 or 9`,
      exitStatus.error,
      "as 9.2.11 or 8.4.5",
    );
  const text = await readUserCfg(file, process);
  const state = accessStateFrom(parseUserCfg(text, release), release);
  const { clock } = surroundingsOf(process, options);
  return sourceOf(state, `${file === "-" ? "standard input" : file} (pve ${serverVersion})`, clock);
}

/** One character a byte, as the parser wants it. It takes anything, so what is no such file at all is refused here. */
async function readUserCfg(file: string, { stdin }: Process): Promise<string> {
  let text: string;
  try {
    text = (file === "-" ? await buffer(stdin) : await readFile(file)).toString("latin1");
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Failure(`--from: ${file} could not be read: ${words}`, exitStatus.error, undefined, {
      cause: error,
    });
  }
  if (text.trim() !== "" && !/^\s*(?:user|token|group|role|pool|acl)\s*:/mu.test(text))
    throw new Failure(
      `--from: ${file} is no user.cfg: no line of it is of a user, group, role, pool or ACL entry`,
      exitStatus.error,
      "on a server it is /etc/pve/user.cfg",
    );
  return text;
}

async function sourceFromServer(
  options: SourceOptions,
  { process, signal }: CommandContext,
): Promise<Source> {
  const states = await desiredStates(process, { ...options, output: "text" });
  const [desired, ...others] = states;
  if (desired === undefined || others.length > 0) throw notOneTarget(states.map(({ target }) => target.name));
  const surroundings = surroundingsOf(process, options);
  const opened = await openTarget(desired, "ask", surroundings);
  if ("status" in opened) throw failureOf(desired.target.name, opened);
  try {
    const live = await observe(opened, signal);
    if ("status" in live) throw failureOf(desired.target.name, live);
    warnOfPools(live.state, process);
    const name = `${desired.target.name} (${desired.target.product} ${live.version})`;
    return sourceOf(live.state, name, surroundings.clock);
  } finally {
    await opened.connected.close();
  }
}

function sourceOf(state: AccessState, name: string, clock: { readonly now: () => number }): Source {
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

/** An answer that is short of something says so. */
function warnOfPools({ pools }: AccessState, { stderr }: Process): void {
  if (![...pools.values()].some(({ members }) => members === undefined)) return;
  stderr.write(
    "warning: which guests and storages are in which pool is not read from a server yet: what entries on pools give " +
      "on them is missing here; --from, with a copy of its user.cfg, has it\n",
  );
}
