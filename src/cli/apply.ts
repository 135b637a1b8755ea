import { Command } from "commander";
import { renderOutcomes } from "../render/outcomes.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Opened, Surroundings } from "../reconcile/open.ts";
import type { PassOptions } from "../reconcile/observe.ts";
import { applyPass, type Supervision } from "../reconcile/pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { applyUntilStill } from "./again.ts";
import { exitStatus, statusOf, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { addTargetOptions, approveOption, type ApprovalOptions, type TargetOptions } from "./options.ts";
import { wordReports } from "./plan.ts";
import type { CommandContext, Process } from "./process.ts";
import { differencesFrom, readSavedPlan, type SavedPlan } from "./saved-plan.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates, withTarget } from "./targets.ts";
import { ask, paletteFor, progressOn } from "./terminal.ts";

interface ApplyOptions extends TargetOptions, ApprovalOptions {
  readonly yes?: boolean;
  readonly plan?: string;
}

export function applyCommand(context: CommandContext): Command {
  return addTargetOptions(new Command("apply"))
    .description(
      "Plans, asks, writes one change after the other, and reads the state again to prove that nothing is left to do.",
    )
    .option("--yes", "don't ask; needed where there is no terminal")
    .option("--plan <file>", "go on only if what would be done is what this saved plan shows")
    .addOption(approveOption())
    .addHelpText(
      "after",
      `
Examples:
  rolecall apply                            # shows the plan, asks, applies
  rolecall apply --yes --plan plan.json     # in CI: only what was approved
  rolecall apply --only User/joe@pve
  rolecall apply --yes --approve max-deletes=12

Exit status: 0 converged, 1 wrong input or an unreachable server, 3 refused, held, answered with no, or not what the
saved plan shows, 4 something was written and not everything converged, 130 ended by a signal.`,
    )
    .action(async (options: ApplyOptions) => {
      context.finish(await apply(options, context));
    });
}

async function apply(
  options: ApplyOptions,
  { process, signal, interrupt }: CommandContext,
): Promise<ExitStatus> {
  if (options.yes !== true && process.stdin.isTTY !== true) {
    throw new Failure(
      "apply asks before it writes, and there is no terminal to ask on",
      exitStatus.error,
      "add --yes",
    );
  }
  const saved = options.plan === undefined ? undefined : await readSavedPlan(options.plan);
  const states = await desiredStates(process, options);
  if (saved) refuseOtherTargets(saved, states, options);
  const context: Context = {
    options,
    process,
    saved,
    interrupt,
    surroundings: surroundingsOf(process, options),
  };
  signal.addEventListener("abort", () => {
    process.stderr.write(
      "\ninterrupted: nothing more is begun, what is in flight is finished; once more ends at once\n",
    );
  });
  const reports: TargetReport[] = [];
  for (const desired of states) {
    if (signal.aborted) break;
    reports.push(await applyTarget(desired, context, signal));
  }
  if (options.output !== "text") process.stdout.write(wordReports(reports, process, options));
  return signal.aborted ? exitStatus.interrupted : statusOf(reports);
}

/** A target that was approved and is gone would be passed over in silence. */
function refuseOtherTargets(
  saved: SavedPlan,
  states: readonly DesiredOverTime[],
  { target }: ApplyOptions,
): void {
  const names = new Set(states.map((state) => state.target.name));
  const gone = [...saved.keys()].filter((name) => !names.has(name) && (target?.includes(name) ?? true));
  if (gone.length === 0) return;
  const message = `the saved plan has targets that the manifests have not: ${gone.join(", ")}; nothing was written`;
  throw new Failure(message, exitStatus.refused, "look at the new plan, and save it again");
}

interface Context {
  readonly options: ApplyOptions;
  readonly process: Process;
  readonly saved: SavedPlan | undefined;
  readonly interrupt: () => void;
  readonly surroundings: Surroundings;
}

async function applyTarget(
  desired: DesiredOverTime,
  context: Context,
  signal: AbortSignal,
): Promise<TargetReport> {
  const passed = passedOver(desired);
  if (passed) return shown(passed, context, false);
  // With --yes or --plan nobody has seen the new plan, so nobody can have agreed to it.
  const mayAsk = (): boolean =>
    context.options.yes !== true && context.options.plan === undefined && !signal.aborted;
  return await applyUntilStill(() => applyOnce(desired, context, signal), mayAsk);
}

async function applyOnce(
  desired: DesiredOverTime,
  context: Context,
  signal: AbortSignal,
): Promise<TargetReport> {
  const supervision = superviseWith(context, signal);
  const { surroundings } = context;
  const report = await withTarget(desired, "apply", { surroundings }, (opened) =>
    carryOut(opened, context, supervision, signal),
  );
  supervision.end();
  return shown(report, context, supervision.isShown());
}

/** A suspended or observed target is not written to. */
function passedOver({ target }: DesiredOverTime): TargetReport | undefined {
  const { name, product } = target;
  if (target.suspend)
    return { name, product, status: "ok", notice: "suspended: nothing is written to this target" };
  if (target.mode === "observe") {
    return { name, product, status: "ok", notice: "mode is observe: nothing is written to this target" };
  }
  return undefined;
}

async function carryOut(
  opened: Opened,
  { options, surroundings }: Context,
  supervision: Supervision,
  signal: AbortSignal,
): Promise<TargetReport> {
  const pass: PassOptions = {
    approvals: options.approve ?? new Map<string, number | undefined>(),
    ...(options.only && { only: options.only }),
  };
  return await applyPass(opened, pass, { surroundings, supervision }, signal);
}

type Shown = Supervision & { readonly end: () => void; readonly isShown: () => boolean };

const newPlan = {
  moved: "The server was changed by somebody else",
  later: "A validity has begun or ended since the plan was made",
} as const;

/** Shows the plan, holds it against the saved one, asks. */
function superviseWith(
  { options, process, saved, surroundings, interrupt }: Context,
  signal: AbortSignal,
): Shown {
  const progress = progressOn(process, surroundings.clock);
  let isShown = false;
  return {
    check: (report) => (saved === undefined ? [] : differencesFrom(saved, report)),
    confirm: async (report, why) => {
      // What is asked about is shown: on standard error where the result is for a program.
      if (options.output === "text") process.stdout.write(wordReports([report], process, options));
      else if (options.yes !== true)
        process.stderr.write(wordReports([report], process, { ...options, output: "text" }));
      isShown = true;
      if (why !== "first") process.stderr.write(`${newPlan[why]}; this is the new plan.\n`);
      if (options.yes === true) return why !== "moved";
      const answer = await ask(process, `Apply this to ${report.name}?`, signal);
      if (answer === "interrupted") interrupt();
      return answer === "yes";
    },
    onProgress: (done, total, { kind }) => {
      progress.show(`applying ${done + 1} of ${total}: ${kind.replace("-", " ")}`);
    },
    end: () => progress.end(),
    isShown: () => isShown,
  };
}

/** A plan that was shown before the question is not shown again, only what became of it. */
function shown(report: TargetReport, { process, options }: Context, isShown: boolean): TargetReport {
  if (options.output !== "text") return report;
  process.stdout.write(renderOutcomes([report], paletteFor(process, options.color)));
  if (!isShown) process.stdout.write(wordReports([report], process, options));
  else if (report.error ?? report.notice)
    process.stdout.write(wordReports([withoutPlan(report)], process, options));
  return report;
}

// Proof: `plan` is optional, so a report without it is one still.
function withoutPlan(report: TargetReport): TargetReport {
  return Object.fromEntries(Object.entries(report).filter(([name]) => name !== "plan")) as TargetReport;
}
