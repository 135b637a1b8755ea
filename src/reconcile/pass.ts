// In: the desired state of one target and an open way to it. Out: a report. Must not know: where manifests come from,
// how reports are shown. One pass is the recipe of the stations: read, plan, guard, apply, verify.

import { applyPlan } from "../apply/apply.ts";
import type { AuditLog } from "../apply/audit.ts";
import { prepareApply } from "../apply/prepare.ts";
import { nextBoundary } from "../desired/boundaries.ts";
import type { AclPath } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import { pathsOfMembers } from "../model/pool-paths.ts";
import { wordMoves } from "../plan/moves.ts";
import type { Operation, Plan } from "../plan/plan.ts";
import { doorsFor } from "./doors.ts";
import { inspectTarget, invalidFor } from "./inspect-target.ts";
import { moved, movedMeanwhile, outdated } from "./moved.ts";
import { ended, observe, planned, type PassOptions } from "./observe.ts";
import type { Opened, Surroundings } from "./open.ts";
import type { ReportError, TargetReport } from "./report.ts";

/** What an apply asks of whoever started it. */
export interface Supervision {
  /** What differs from the plan that was approved; empty where nothing does, or nothing was. */
  readonly check: (report: TargetReport) => readonly string[];
  /** Before the first write, and again where the plan that was shown is not the one to carry out any more. */
  readonly confirm: (report: TargetReport, why: Why) => Promise<boolean>;
  readonly onProgress: (done: number, total: number, operation: Operation) => void;
  /** Where the lines of every write go. */
  readonly audit: AuditLog;
}

/** moved: the server has changed since the plan was shown; later: what the manifests say has, as time passed. */
type Why = "first" | "moved" | "later";

/** How often a foreign change before the first write starts the plan anew. */
const attempts = 3;

/** Read, look where plan does not, plan, guard, confirm, read again, apply, verify. */
export async function applyPass(
  opened: Opened,
  options: PassOptions,
  { surroundings, supervision }: { surroundings: Surroundings; supervision: Supervision },
  signal: AbortSignal,
): Promise<TargetReport> {
  const first = await observe(opened, signal);
  if ("status" in first) return ended(opened, first);
  const found = await inspectTarget(opened, options, { live: first, surroundings }, signal);
  if ("status" in found) return ended(opened, found);
  const informed = { ...options, found };
  const ready = await settleOnPlan(opened, informed, { live: first, supervision }, signal);
  if (!ready.go) return ready.report;

  const { report, plan } = ready;
  let moves: readonly string[] = [];
  const onMoved = (seen: readonly string[]): void => void (moves = seen);
  const doors = doorsFor(opened, surroundings, { ...supervision, onMoved });
  const { secrets, problems } = await prepareApply(plan, doors);
  if (problems.length > 0) return { ...report, ...invalidFor(problems) };
  const outcomes = await applyPlan(plan, secrets, doors, signal);
  const lines = supervision.audit.problem();
  const done =
    moves.length > 0
      ? movedMeanwhile(report, outcomes, moves)
      : await verify(opened, withoutErrand(informed), { ...report, outcomes }, signal);
  return lines === undefined ? done : { ...done, error: { code: "audit-log", message: lines } };
}

type Ready =
  | { readonly go: true; readonly report: TargetReport; readonly plan: Plan }
  | { readonly go: false; readonly report: TargetReport };

/** Plans until what was confirmed is what the server still asks for. */
async function settleOnPlan(
  opened: Opened,
  options: PassOptions,
  { live: first, supervision }: { live: LiveState; supervision: Supervision },
  signal: AbortSignal,
): Promise<Ready> {
  let live = first;
  let [why, moves]: [Why, readonly string[]] = ["first", []];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const isOver = watchBoundary(opened);
    const report = planned(opened, live, options);
    const { plan } = report;
    const differences = differencesFromApproved(supervision, opened, live, { report, options });
    if (differences.length > 0) return { go: false, report: { ...report, ...planDiffers(differences) } };
    if (plan === undefined || report.status !== "ok" || plan.operations.length === 0) {
      return { go: false, report };
    }
    if (!(await supervision.confirm(report, why))) {
      return { go: false, report: { ...report, ...(why === "moved" ? moved(moves) : declined) } };
    }
    const again = await observe(opened, signal);
    if ("status" in again) return { go: false, report: ended(opened, again) };
    moves = wordMoves(live.state, again.state);
    if (moves.length === 0 && !isOver()) return { go: true, report, plan };
    why = moves.length === 0 ? "later" : "moved";
    live = again;
  }
  return {
    go: false,
    report: { ...planned(opened, live, options), ...(why === "later" ? outdated : moved(moves)) },
  };
}

/** Whether a validity has begun or ended since: a person may look at a plan for long. */
function watchBoundary({ desired, clock }: Opened): () => boolean {
  const boundary = nextBoundary(desired, Math.floor(clock.now() / 1000));
  return () => boundary !== undefined && boundary * 1000 <= clock.now();
}

/**
 * What is approved now may have been an error in the saved plan, where the option was not given or the annotation not
 * written yet: one reading must equal it, and do the same. Where the target holds what is refused, an approval does more.
 */
function differencesFromApproved(
  { check }: Supervision,
  opened: Opened,
  live: LiveState,
  { report, options }: { report: TargetReport; options: PassOptions },
): readonly string[] {
  const differences = check(report);
  if (differences.length === 0) return [];
  const unapproved: PassOptions = { ...options, approvals: new Map() };
  const unannotated = withoutAnnotation(opened);
  const readings = [
    [opened, unapproved],
    [unannotated, options],
    [unannotated, unapproved],
  ] as const;
  const isSame = readings.some(([one, approvals]) => {
    const reading = planned(one, live, approvals);
    return isSameWork(reading, report) && check(reading).length === 0;
  });
  return isSame ? [] : differences;
}

function isSameWork(one: TargetReport, other: TargetReport): boolean {
  const workOf = ({ plan }: TargetReport): string => JSON.stringify([plan?.changes, plan?.operations]);
  return workOf(one) === workOf(other);
}

/** What was asked for or found once is mended by now: it is no part of the plan that proves that nothing is left. */
function withoutErrand({ approvals, only, found }: PassOptions): PassOptions {
  return {
    approvals,
    ...(only && { only }),
    ...(found && { found: { ...found, notInSink: new Set(), refusedPasswords: new Set() } }),
  };
}

function withoutAnnotation(opened: Opened): Opened {
  const { target } = opened.desired;
  const safety = { ...target.safety, approved: [] };
  return { ...opened, desired: { ...opened.desired, target: { ...target, safety } } };
}

function planDiffers(
  differences: readonly string[],
): Pick<TargetReport, "error"> & { readonly status: "refused" } {
  return {
    status: "refused",
    error: {
      code: "plan-differs",
      message: `this is not the plan that was saved; nothing was written: ${differences.join("; ")}`,
      hint: "look at the new plan, and save it again",
    },
  };
}

/** Who goes on after an apply must not take a "no" for "all is as declared". */
const declined = { status: "refused", notice: "not confirmed: nothing was written" } as const;

/** What the manifests still ask for after the writes is not converged. */
async function verify(
  opened: Opened,
  options: PassOptions,
  report: TargetReport,
  signal: AbortSignal,
): Promise<TargetReport> {
  if (signal.aborted) return report;
  const live = await observe(opened, signal).catch((error: unknown) => {
    // Interrupted while reading again: what was written is still to be told.
    if (signal.aborted) return undefined;
    throw error;
  });
  if (live === undefined) return report;
  if ("status" in live)
    return { ...report, error: notConverged(`the server could not be read again: ${live.error.message}`) };
  const { plan } = planned(opened, live, { ...options, taken: takenIn(report) });
  const open = (plan?.changes ?? []).filter(({ held }) => !held);
  if (open.length === 0) return { ...report, ...unreadable(plan) };
  const names = open.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return { ...report, error: notConverged(`the server still differs from the manifests in: ${names}`) };
}

/** What the writes have put into pools; that it is not listed there is then no reason to do so again. */
function takenIn({ plan, outcomes = [] }: TargetReport): ReadonlySet<AclPath> {
  const isApplied = (change: number): boolean => outcomes[change]?.status === "applied";
  const members = (plan?.operations ?? []).flatMap((operation) =>
    operation.kind === "update-pool" && operation.members?.way === "in" && operation.changes.every(isApplied)
      ? [operation.members]
      : [],
  );
  return new Set(members.flatMap(pathsOfMembers));
}

/** Where everything was done, and something of it can't be seen. */
function unreadable(plan: Plan | undefined): Pick<TargetReport, "notice"> {
  const found = (plan?.findings ?? []).filter(({ code }) => code === "member-unreadable");
  return found.length === 0 ? {} : { notice: found.map(({ message }) => message).join("; ") };
}

function notConverged(message: string): ReportError {
  return { code: "not-converged", message };
}
