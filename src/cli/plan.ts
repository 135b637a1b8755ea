import { Command } from "commander";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { AuthId } from "../model/ids.ts";
import { countOf } from "../render/count.ts";
import { renderJson } from "../render/json.ts";
import { renderMarkdown } from "../render/markdown.ts";
import { renderText } from "../render/text.ts";
import type { PassOptions } from "../reconcile/observe.ts";
import { planPass } from "../reconcile/plan-pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { mapBounded } from "../support/concurrency.ts";
import { exitStatus, hasPending, statusOf, type ExitStatus } from "./exit-status.ts";
import { addTargetOptions, approveOption, type ApprovalOptions, type TargetOptions } from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { newestVersion, refuseVersionOfServer } from "./release.ts";
import { savePlan } from "./saved-plan.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates, parseCaller, withTarget } from "./targets.ts";
import { paletteFor, progressOn } from "./terminal.ts";

interface PlanOptions extends TargetOptions, ApprovalOptions {
  readonly detailedExitcode?: boolean;
  readonly out?: string;
  readonly caller?: string;
  readonly from?: string;
  readonly serverVersion?: string;
}

/** Targets that are read at the same time. */
const parallelTargets = 8;

export function planCommand(context: CommandContext): Command {
  return addTargetOptions(new Command("plan"))
    .description("Reads the live state of every target and shows what apply would change. It cannot write.")
    .option("--detailed-exitcode", "exit with 2 where changes are pending")
    .option("--out <file>", "save the plan, for apply --plan")
    .option(
      "--caller <authid>",
      "judge as this user or token, where the id of the credentials can't be read here",
    )
    .option(
      "--from <path>",
      "plan on a copy of the server's files, and ask no server: a folder with user.cfg and domains.cfg, or with a folder of " +
        "each target's name; or user.cfg alone; - for standard input",
    )
    .option("--server-version <version>", `the release that --from is of (default: ${newestVersion})`)
    .addOption(approveOption())
    .addHelpText(
      "after",
      `
Examples:
  rolecall plan                                   # all targets of manifests/
  rolecall plan --target dc1 --verbose            # with the requests
  rolecall plan -o markdown --out plan.json       # for a pull request
  rolecall plan --only User/joe@pve
  rolecall plan --from copies/ --server-version 8.4.1   # offline, without credentials

Exit status: 0 planned, 1 wrong input or an unreachable server, 2 changes are pending (--detailed-exitcode),
3 refused by a guard or something is held.`,
    )
    .action(async (options: PlanOptions) => {
      context.finish(await plan(options, context));
    });
}

async function plan(options: PlanOptions, { process, signal }: CommandContext): Promise<ExitStatus> {
  const states = await desiredStates(process, options);
  const pass = {
    approvals: options.approve ?? new Map<string, number | undefined>(),
    ...(options.only && { only: options.only }),
  };
  const caller = parseCaller(options.caller);
  const reports = await planAll(states, { ...options, caller }, pass, { process, signal });
  if (options.out !== undefined) await savePlan(options.out, reports);
  process.stdout.write(wordReports(reports, process, options));
  const status = statusOf(reports);
  const isPending = options.detailedExitcode === true && hasPending(reports);
  return status === exitStatus.ok && isPending ? exitStatus.pending : status;
}

async function planAll(
  states: readonly DesiredOverTime[],
  options: Omit<PlanOptions, "caller"> & { readonly caller: AuthId | undefined },
  pass: PassOptions,
  { process, signal }: Pick<CommandContext, "process" | "signal">,
): Promise<readonly TargetReport[]> {
  const { from, caller } = options;
  refuseVersionOfServer(options);
  if (from !== undefined) {
    const { planCopies } = await import("./plan-copy.ts");
    return await planCopies(states, { ...options, from }, pass, process);
  }
  const surroundings = surroundingsOf(process, options);
  const progress = progressOn(process, surroundings.clock);
  let done = 0;
  const reports = await mapBounded(states, parallelTargets, async (desired) => {
    progress.show(`reading ${desired.target.name} (${done} of ${countOf(states.length, "target")} done)`);
    const report = await withTarget(desired, "plan", { surroundings, ...(caller && { caller }) }, (opened) =>
      planPass(opened, pass, signal),
    );
    done += 1;
    return report;
  });
  progress.end();
  return reports;
}

export function wordReports(
  reports: readonly TargetReport[],
  process: Process,
  options: TargetOptions,
): string {
  if (options.output === "json") return renderJson(reports);
  if (options.output === "markdown") return renderMarkdown(reports);
  return renderText(reports, {
    palette: paletteFor(process, options.color),
    detail: options.verbose === true ? "verbose" : "brief",
  });
}
