// In: a plan and the doors. Out: one outcome a change. Must not know: why the plan is as it is, how it is shown.
// Operations go one at a time: the server takes one lock for all of them, so parallel writes would only wait.

import type { Clock } from "../support/clock.ts";
import type { Operation, Plan } from "../plan/plan.ts";
import { goesWith, replacedIn } from "../plan/steps.ts";
import { Aftermath } from "./aftermath.ts";
import { Auditor } from "./audit.ts";
import { brokenBy, partsOf, type Part } from "./dependence.ts";
import type { Doors } from "./doors.ts";
import type { Outcome } from "./outcome.ts";
import type { Secrets } from "./prepare.ts";
import type { Result } from "./result.ts";
import { runOperation, type Errand } from "./run-operation.ts";
import { Sentry } from "./sentry.ts";

/** An operation, or what of it may follow, and what became of it. */
interface Attempt {
  readonly operation: Operation;
  readonly fate: Fate;
}

type Fate = Result | { readonly kind: "not-attempted"; readonly error: string };

/**
 * Carries the operations out. After a failure what depends on it is not attempted and the rest goes on; when the server
 * can't be reached any more, somebody else changed it, or the signal is aborted, nothing further is. A token's creation,
 * the delivery of its secret and the write that confirms it are never torn apart.
 */
export async function applyPlan(
  plan: Plan,
  secrets: Secrets,
  doors: Doors,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const errand = { secrets, doors, auditor: new Auditor(plan, doors) };
  const sentry = new Sentry(plan.before, doors);
  const course: Course = { plan, errand, sentry, attempts: [], broken: new Set() };
  let previous: Operation | undefined;
  for (const [done, operation] of plan.operations.entries()) {
    if (!goesWith(operation, previous)) course.end ??= await reasonToEnd(sentry, signal);
    previous = operation;
    for (const part of partsOf(operation, plan, course.broken)) {
      const fate = await attempt(part, done, { course, signal });
      course.attempts.push({ operation: part.operation, fate });
      if (fate.kind !== "done") breakOff(part.operation, fate, course);
    }
  }
  return outcomesOf(plan, course.attempts);
}

async function reasonToEnd(sentry: Sentry, signal: AbortSignal): Promise<string | undefined> {
  return signal.aborted ? "interrupted before it was tried" : await sentry.look(signal);
}

/** Where an apply stands. */
interface Course {
  readonly plan: Plan;
  readonly errand: Errand;
  readonly sentry: Sentry;
  readonly attempts: Attempt[];
  readonly broken: Set<string>;
  /** Why nothing more is tried. */
  end?: string | undefined;
  /** There from the first failure on. */
  aftermath?: Aftermath;
}

async function attempt(
  { operation, missing }: Part,
  done: number,
  { course, signal }: { readonly course: Course; readonly signal: AbortSignal },
): Promise<Fate> {
  const { errand, sentry, plan, aftermath } = course;
  const lines = errand.auditor.problem();
  const end = course.end ?? (lines && `${lines}, so nothing more is sent`);
  if (end !== undefined) return notAttempted(end);
  if (missing !== undefined) return notAttempted(`depends on ${missing}, which failed`);
  const objection = aftermath?.objectionTo(operation);
  if (objection !== undefined) return notAttempted(objection);
  errand.doors.onProgress(done, plan.operations.length, operation);
  const fate = await runOnSomeNode(operation, course, signal);
  sentry.note(operation, fate);
  if (fate.kind !== "done") aftermath?.takeBack();
  return fate;
}

/** How many nodes are tried that don't see most of their cluster. */
const nodesAtMost = 3;

/**
 * A node that is cut off from its cluster has done nothing, and may have shown what was long ago. The next one is asked to
 * write where it shows what is expected.
 */
async function runOnSomeNode(
  operation: Operation,
  { errand, sentry }: Course,
  signal: AbortSignal,
): Promise<Result> {
  for (let tried = 1; ; tried++) {
    const result = await runOperation(operation, errand);
    if (result.kind !== "failed" || result.cutOff !== true || tried >= nodesAtMost) return result;
    // After a write that nobody knows the fate of there is nothing to hold another node against.
    if (!sentry.isSure || !(await waited(tried, errand.doors.clock, signal))) return result;
    const objection = await sentry.lookNow(signal);
    if (objection !== undefined) return { ...result, error: `${result.error}; ${objection}` };
  }
}

/** A quorum may come back, and a server that is asked has waited ten seconds already. */
async function waited(tried: number, { sleep }: Pick<Clock, "sleep">, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(tried * 1000, signal);
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}

function breakOff(operation: Operation, fate: Exclude<Fate, { kind: "done" }>, course: Course): void {
  const {
    plan,
    errand: { doors },
  } = course;
  if ("ends" in fate && fate.ends) course.end ??= `not tried after: ${fate.error}`;
  for (const key of brokenBy(operation, plan.before)) course.broken.add(key);
  course.aftermath ??= new Aftermath(
    {
      before: plan.before,
      after: plan.after,
      nowSeconds: Math.floor(doors.clock.now() / 1000),
      caller: doors.caller,
      superuser: doors.superuser,
      replaced: replacedIn(plan.operations),
    },
    course.attempts.flatMap((one) => (one.fate.kind === "done" ? [one.operation] : [])),
  );
}

function notAttempted(error: string): Fate {
  return { kind: "not-attempted", error };
}

function outcomesOf(plan: Plan, attempts: readonly Attempt[]): readonly Outcome[] {
  const byChange = plan.changes.map((): Fate[] => []);
  for (const { operation, fate } of attempts)
    for (const change of operation.changes) byChange[change]?.push(fate);
  return byChange.map((all, change) => {
    if (plan.changes[change]?.held === true)
      return { change, status: "not-attempted", error: "held by a finding" };
    return { change, ...summaryOf(all) };
  });
}

/** A change is applied when all its writes are. */
function summaryOf(fates: readonly Fate[]): Omit<Outcome, "change"> {
  const find = (kind: Fate["kind"]): string | undefined =>
    fates.flatMap((fate) => (fate.kind === kind && fate.kind !== "done" ? [fate.error] : []))[0];
  const isHalf = fates.some((fate) => fate.kind === "done" || ("written" in fate && fate.written));
  const inPart = (error: string): Omit<Outcome, "change"> =>
    fates.some(({ kind }) => kind === "done")
      ? { status: "failed", error: `done in part: ${error}`, written: true }
      : { status: "failed", error, ...(isHalf && { written: true }) };
  const failure = find("failed");
  if (failure !== undefined) return inPart(failure);
  const unconfirmed = find("unconfirmed");
  if (unconfirmed !== undefined) return { status: "unconfirmed", error: unconfirmed };
  const skipped = find("not-attempted");
  if (fates.length === 0) return { status: "not-attempted", error: "no write carries it out" };
  if (skipped === undefined) return { status: "applied" };
  return isHalf ? inPart(skipped) : { status: "not-attempted", error: skipped };
}
