// What commands that write share: apply one target after the other, each under somebody's eyes.

import { noAudit } from "../apply/audit.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { PassOptions } from "../reconcile/observe.ts";
import { applyPass } from "../reconcile/pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { applyUntilStill } from "./again.ts";
import { auditLogFor } from "./audit-log.ts";
import { exitStatus, statusOf, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { wordReports } from "./plan.ts";
import type { CommandContext, Process } from "./process.ts";
import { shown, superviseWith, type ApplyContext, type ApplyingOptions, type Errand } from "./supervise.ts";
import { surroundingsOf } from "./surroundings.ts";
import { withTarget } from "./targets.ts";

export function refuseWithoutTerminal(
  command: string,
  options: Pick<ApplyingOptions, "yes">,
  process: Process,
): void {
  if (options.yes === true || process.stdin.isTTY === true) return;
  const message = `${command} asks before it writes, and there is no terminal to ask on`;
  throw new Failure(message, exitStatus.error, "add --yes");
}

export async function applyTargets(
  states: readonly DesiredOverTime[],
  options: ApplyingOptions,
  errand: Errand,
  { process, signal, interrupt }: CommandContext,
): Promise<ExitStatus> {
  const surroundings = surroundingsOf(process, options);
  const audit = await auditLogFor(options, { logger: surroundings.logger, signal });
  const context: ApplyContext = {
    options,
    process,
    errand,
    interrupt,
    surroundings,
    audit: audit ?? noAudit,
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
  await audit?.close();
  const last = audit?.lastHash();
  if (last !== undefined) surroundings.logger.info("audit log", { last });
  if (options.output !== "text") process.stdout.write(wordReports(reports, process, options));
  return signal.aborted ? exitStatus.interrupted : statusOf(reports);
}

async function applyTarget(
  desired: DesiredOverTime,
  context: ApplyContext,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { options, errand } = context;
  const passed = passedOver(desired);
  if (passed) return shown(passed, context, false);
  // With --yes or --plan nobody has seen the new plan, so nobody can have agreed to it; and a token that was to have a new
  // secret now is not to have another.
  const mayAsk = (): boolean =>
    options.yes !== true &&
    errand.saved === undefined &&
    errand.asked === undefined &&
    errand.askedRealms === undefined &&
    !signal.aborted;
  return await applyUntilStill(() => applyOnce(desired, context, signal), mayAsk);
}

async function applyOnce(
  desired: DesiredOverTime,
  context: ApplyContext,
  signal: AbortSignal,
): Promise<TargetReport> {
  const supervision = superviseWith(desired, context, signal);
  const { surroundings } = context;
  const report = await withTarget(desired, "apply", { surroundings }, (opened) =>
    applyPass(opened, passOptionsOf(desired, context), { surroundings, supervision }, signal),
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

function passOptionsOf(
  desired: DesiredOverTime,
  { options, errand: { asked, askedRealms, onlyFor } }: ApplyContext,
): PassOptions {
  const only = onlyFor?.(desired) ?? options.only;
  return {
    approvals: options.approve ?? new Map<string, number | undefined>(),
    ...(only && { only }),
    ...(asked && { asked }),
    ...(askedRealms && { askedRealms }),
  };
}
