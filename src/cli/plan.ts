import { Command } from "commander";
import { renderJson } from "../render/json.ts";
import { renderMarkdown } from "../render/markdown.ts";
import { renderText } from "../render/text.ts";
import { planPass } from "../reconcile/pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { mapBounded } from "../support/concurrency.ts";
import { exitStatus, hasPending, statusOf, type ExitStatus } from "./exit-status.ts";
import { addTargetOptions, approveOption, type ApprovalOptions, type TargetOptions } from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { savePlan } from "./saved-plan.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates, parseCaller, withTarget } from "./targets.ts";
import { paletteFor, progressOn } from "./terminal.ts";

interface PlanOptions extends TargetOptions, ApprovalOptions {
  readonly detailedExitcode?: boolean;
  readonly out?: string;
  readonly caller?: string;
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
    .addOption(approveOption())
    .addHelpText(
      "after",
      `
Examples:
  rolecall plan                                   # all targets of manifests/
  rolecall plan --target dc1 --verbose            # with the requests
  rolecall plan -o markdown --out plan.json       # for a pull request
  rolecall plan --only User/joe@pve

Exit status: 0 planned, 1 wrong input or an unreachable server, 2 changes are pending (--detailed-exitcode),
3 refused by a guard or something is held.`,
    )
    .action(async (options: PlanOptions) => {
      context.finish(await plan(options, context));
    });
}

async function plan(options: PlanOptions, { process, signal }: CommandContext): Promise<ExitStatus> {
  const states = await desiredStates(process, options);
  const surroundings = surroundingsOf(process, options);
  const caller = parseCaller(options.caller);
  const pass = {
    approvals: options.approve ?? new Map<string, number | undefined>(),
    ...(options.only && { only: options.only }),
  };
  const progress = progressOn(process, surroundings.clock);
  let done = 0;
  const reports = await mapBounded(states, parallelTargets, async (desired) => {
    progress.show(`reading ${desired.target.name} (${done} of ${states.length} targets done)`);
    const report = await withTarget(desired, "plan", { surroundings, ...(caller && { caller }) }, (opened) =>
      planPass(opened, pass, signal),
    );
    done += 1;
    return report;
  });
  progress.end();
  if (options.out !== undefined) await savePlan(options.out, reports);
  process.stdout.write(wordReports(reports, process, options));
  const status = statusOf(reports);
  const isPending = options.detailedExitcode === true && hasPending(reports);
  return status === exitStatus.ok && isPending ? exitStatus.pending : status;
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
