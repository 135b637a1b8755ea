// Who watches over an apply at a terminal: shows the plan, holds it against the saved one, asks, and says what became of it.

import { randomUUID } from "node:crypto";
import { auditPass, type AuditManifests, type AuditSink } from "../apply/audit.ts";
import { wordAllApprovals } from "../guard/approve.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { RealmId, TokenId } from "../model/ids.ts";
import type { Selector } from "../plan/select.ts";
import type { Surroundings } from "../reconcile/open.ts";
import type { Supervision } from "../reconcile/pass.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { renderOutcomes } from "../render/outcomes.ts";
import type { ApprovalOptions, AuditOptions, TargetOptions } from "./options.ts";
import { wordReports } from "./plan.ts";
import type { Process } from "./process.ts";
import { differencesFrom, type SavedPlan } from "./saved-plan.ts";
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

/** Of one command, over all its targets. */
export interface ApplyContext {
  readonly options: ApplyingOptions;
  readonly process: Process;
  readonly errand: Errand;
  readonly interrupt: () => void;
  readonly surroundings: Surroundings;
  readonly audit: AuditSink;
}

export type Shown = Supervision & { readonly end: () => void; readonly isShown: () => boolean };

const newPlan = {
  moved: "The server was changed by somebody else",
  later: "A validity has begun or ended since the plan was made",
} as const;

/** Shows the plan, holds it against the saved one, asks. */
export function superviseWith(desired: DesiredOverTime, context: ApplyContext, signal: AbortSignal): Shown {
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
export function shown(
  report: TargetReport,
  { process, options }: ApplyContext,
  isShown: boolean,
): TargetReport {
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
