import { Command, Option } from "commander";
import { desiredAt } from "../desired/at-instant.ts";
import { statusOfChecks } from "../reconcile/check.ts";
import { examineTarget } from "../reconcile/doctor.ts";
import { renderDoctor, renderDoctorJson } from "../render/doctor.ts";
import { systemClock } from "../support/clock.ts";
import { mapBounded } from "../support/concurrency.ts";
import { printGrants, type GrantOptions } from "./doctor-grant.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import {
  addLogOptions,
  addManifestOptions,
  allowExecOption,
  targetOption,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext } from "./process.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates } from "./targets.ts";
import { paletteFor, progressOn } from "./terminal.ts";

export interface DoctorOptions extends ManifestOptions, LogOptions, ExecOptions {
  readonly target?: readonly string[];
  readonly output: "text" | "json";
  readonly color: boolean;
  readonly grant?: GrantOptions["grant"];
  readonly caller?: string;
}

/** Targets that are looked at at the same time. */
const parallelTargets = 8;

export function doctorCommand(context: CommandContext): Command {
  const command = addManifestOptions(new Command("doctor"))
    .description(
      "Looks at every target from outside in: endpoints, certificates, clock, release, whether the identities can log " +
        "in, see everything, and hold what applying can need. It changes nothing.",
    )
    .addOption(targetOption("only this target; may be repeated"))
    .addOption(new Option("-o, --output <format>", "what to print").choices(["text", "json"]).default("text"))
    .addOption(allowExecOption())
    .option("--no-color", "no colours (also: NO_COLOR in the environment)")
    .addOption(
      new Option(
        "--grant [purpose]",
        "print, offline, the least roles and ACL entries for the identity that plans or that applies " +
          "(default: both, where they are two), as manifests and as pveum lines",
      ).choices(["plan", "apply"]),
    )
    .option("--caller <authid>", "with --grant: the user or token, where its id can't be read here");
  return addLogOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  rolecall doctor                                   # all targets of manifests/
  rolecall doctor --target dc1 -o json              # for a script
  rolecall doctor --grant plan                      # what the identity of planCredentials is to be given
  rolecall doctor --grant apply > access.yaml       # what the manifests ask of the one that applies

Exit status: 0 all is well or there are warnings, 1 an error.`,
    )
    .action(async (options: DoctorOptions) => {
      context.finish(await doctor(options, context));
    });
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<ExitStatus> {
  const { process, signal } = context;
  const nowSeconds = Math.floor(systemClock.now() / 1000);
  const overTime = await desiredStates(process, options);
  // What a validity bounds takes the same privileges at any time: its pairs are declared throughout.
  const states = overTime.map((desired) => desiredAt(desired, nowSeconds));
  if (options.grant !== undefined) return printGrants(states, { ...options, grant: options.grant }, process);
  if (options.caller !== undefined)
    throw new Failure(
      "--caller goes with --grant",
      exitStatus.error,
      "doctor logs in as who the target names",
    );
  const surroundings = surroundingsOf(process, options);
  const progress = progressOn(process, surroundings.clock);
  const targets = await mapBounded(states, parallelTargets, async (desired) => {
    progress.show(`looking at ${desired.target.name}`);
    return await examineTarget(desired, surroundings, signal);
  });
  progress.end();
  process.stdout.write(
    options.output === "json"
      ? renderDoctorJson(targets)
      : renderDoctor(targets, paletteFor(process, options.color)),
  );
  const isWell = targets.every(({ checks }) => statusOfChecks(checks) !== "error");
  return isWell ? exitStatus.ok : exitStatus.error;
}
