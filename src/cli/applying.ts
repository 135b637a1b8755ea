// What commands that write share: ask, apply one target after the other, say what became of it.

import { randomUUID } from "node:crypto";
import { auditPass, noAudit, type AuditManifests } from "../apply/audit.ts";
import { wordAllApprovals } from "../guard/approve.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { RealmId, TokenId } from "../model/ids.ts";
import type { Selector } from "../plan/select.ts";
import type { PassOptions } from "../reconcile/observe.ts";
import type { Surroundings } from "../reconcile/open.ts";
import { applyPass, type Supervision } from "../reconcile/pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { renderOutcomes } from "../render/outcomes.ts";
import { wordReports } from "./plan.ts";
import { applyUntilStill } from "./again.ts";
import { openAuditLog, type OpenAuditLog } from "./audit-log.ts";
import { exitStatus, statusOf, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { ApprovalOptions, AuditOptions, TargetOptions } from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { differencesFrom, type SavedPlan } from "./saved-plan.ts";
import { surroundingsOf } from "./surroundings.ts";
import { withTarget } from "./targets.ts";
import { ask, paletteFor, progressOn } from "./terminal.ts";

export interface ApplyingOptions extends TargetOptions, ApprovalOptions, AuditOptions {
  readonly yes?: boolean;
}

/** What is to be applied, beside what the manifests say. */
export interface Errand {
  /** For the audit log. */
  readonly manifests: AuditManifests;
  readonly saved?: SavedPlan;
  /** Tokens that are to have a new secret now. */
  readonly asked?: ReadonlySet<TokenId>;
  /** Realms whose secrets are to be set now. */
  readonly askedRealms?: ReadonlySet<RealmId>;
  /** What of a target is to be applied, in place of `--only`. */
  readonly onlyFor?: (desired: DesiredOverTime) => readonly Selector[];
}

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
  const audit = await auditLogFor(options);
  const surroundings = surroundingsOf(process, options);
  const context: Context = { options, process, errand, interrupt, surroundings, audit };
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
  await audit.close();
  const last = audit.lastHash();
  if (last !== undefined) surroundings.logger.info("audit log", { last });
  if (options.output !== "text") process.stdout.write(wordReports(reports, process, options));
  return signal.aborted ? exitStatus.interrupted : statusOf(reports);
}

export async function auditLogFor({ auditLog, auditMaxSize }: AuditOptions): Promise<OpenAuditLog> {
  if (auditLog === undefined) return { ...noAudit, close: () => Promise.resolve() };
  return await openAuditLog(auditLog, { maximumBytes: auditMaxSize ?? Infinity });
}

interface Context {
  readonly options: ApplyingOptions;
  readonly process: Process;
  readonly errand: Errand;
  readonly interrupt: () => void;
  readonly surroundings: Surroundings;
  readonly audit: OpenAuditLog;
}

async function applyTarget(
  desired: DesiredOverTime,
  context: Context,
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
  context: Context,
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
  { options, errand: { asked, askedRealms, onlyFor } }: Context,
): PassOptions {
  const only = onlyFor?.(desired) ?? options.only;
  return {
    approvals: options.approve ?? new Map<string, number | undefined>(),
    ...(only && { only }),
    ...(asked && { asked }),
    ...(askedRealms && { askedRealms }),
  };
}

type Shown = Supervision & { readonly end: () => void; readonly isShown: () => boolean };

const newPlan = {
  moved: "The server was changed by somebody else",
  later: "A validity has begun or ended since the plan was made",
} as const;

/** Shows the plan, holds it against the saved one, asks. */
function superviseWith(desired: DesiredOverTime, context: Context, signal: AbortSignal): Shown {
  const { options, process, errand, surroundings, interrupt, audit } = context;
  const progress = progressOn(process, surroundings.clock);
  const approvals = options.approve ?? new Map<string, number | undefined>();
  let isShown = false;
  return {
    check: (report) => (errand.saved === undefined ? [] : differencesFrom(errand.saved, report)),
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
    audit: auditPass(audit, {
      run: randomUUID(),
      approvals: wordAllApprovals(approvals, desired.target.safety.approved),
      manifests: errand.manifests,
    }),
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
