// `plan --from`: what apply would change on a server of which only a copy of its files is at hand.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { AuthId } from "../model/ids.ts";
import type { PassOptions } from "../reconcile/observe.ts";
import { planOffline } from "../reconcile/offline.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { systemClock } from "../support/clock.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { ExecOptions } from "./options.ts";
import type { Process } from "./process.ts";
import { readCopy } from "./server-copy.ts";

export interface CopyOptions extends ExecOptions {
  readonly from: string;
  readonly serverVersion?: string;
  readonly caller: AuthId | undefined;
}

/** No connection is opened, and no secret is looked for. */
export async function planCopies(
  states: readonly DesiredOverTime[],
  options: CopyOptions,
  pass: PassOptions,
  process: Process,
): Promise<readonly TargetReport[]> {
  const reports: TargetReport[] = [];
  for (const desired of states) {
    const from = await copyFor(desired.target.name, options.from, states.length);
    reports.push(
      from === undefined
        ? noCopy(desired, options.from)
        : await planCopy(desired, from, options, { pass, process }),
    );
  }
  return reports;
}

async function planCopy(
  desired: DesiredOverTime,
  from: string,
  { serverVersion, caller, allowExec = false }: CopyOptions,
  { pass, process }: { readonly pass: PassOptions; readonly process: Process },
): Promise<TargetReport> {
  const { state, version, privileges, assumed } = await readCopy(from, serverVersion, process);
  const copied = { state, version, supportedPrivileges: privileges, basis: wordBasis(from, assumed) };
  return planOffline(
    desired,
    copied,
    { environment: process.env, allowExec, clock: systemClock, ...(caller && { caller }) },
    pass,
  );
}

/** What nobody can tell from the files stands in every such plan: it is read where the plan is approved. */
function wordBasis(from: string, assumed: readonly string[]): string {
  const granted = assumed.length === 0 ? "" : `; taken for granted: ${assumed.join("; ")}`;
  return (
    `from ${from === "-" ? "standard input" : from}, not from the server${granted}; ` +
    "not known: what has changed since, which members of pools exist, which jobs fetch users, and what secrets and passwords are"
  );
}

/**
 * Where the copy of a target lies: in the folder's own folder of the target's name, or, for one target, the folder or
 * file itself. Undefined where there is none.
 */
async function copyFor(target: string, from: string, targets: number): Promise<string | undefined> {
  if (from === "-" || (await kindOf(from)) !== "folder") {
    if (targets > 1) throw oneFileForMany(from);
    return from;
  }
  const own = join(from, target);
  if ((await kindOf(join(own, "user.cfg"))) === "file") return own;
  if ((await kindOf(join(from, "user.cfg"))) !== "file") return undefined;
  if (targets > 1) throw oneFileForMany(join(from, "user.cfg"));
  return from;
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    // Whatever keeps it from being looked at is told when it is read, or as a copy that is not there.
    return undefined;
  }
}

function oneFileForMany(file: string): Failure {
  return new Failure(
    `${file} is of one server, and there are several targets`,
    exitStatus.error,
    "choose one with --target, or give each a folder of its name, as copies/dc1/user.cfg for --from copies",
  );
}

function noCopy({ target: { name, product } }: DesiredOverTime, from: string): TargetReport {
  return {
    name,
    product,
    status: "invalid",
    error: {
      code: "no-copy",
      message: `there is neither ${join(from, name, "user.cfg")} nor ${join(from, "user.cfg")}`,
      hint: "copy /etc/pve/user.cfg and /etc/pve/domains.cfg of the server there; nothing of /etc/pve/priv is needed",
    },
  };
}
