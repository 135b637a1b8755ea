// One pass of the daemon: opened, carried out without a question, closed whatever happens.

import type { AuditLog } from "../apply/audit.ts";
import { wordApprovals, type Approvals } from "../guard/approve.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Operation } from "../plan/plan.ts";
import { openTarget, type Opened, type Surroundings } from "./open.ts";
import { applyPass, planPass, type Supervision } from "./pass.ts";
import type { TargetReport } from "./report.ts";
import { lookIntoSinks } from "./sink-look.ts";

/** A write that is about to be sent; never with its parameters. */
interface WriteAhead {
  readonly number: number;
  readonly total: number;
  readonly kind: Operation["kind"];
  readonly method: string;
  /** Below /api2/json. */
  readonly path: string;
}

export interface Visit {
  readonly mode: DesiredOverTime["target"]["mode"];
  readonly approvals: Approvals;
  readonly onWrite: (write: WriteAhead) => void;
  /** Whether the sinks are looked into afterwards. */
  readonly looksIntoSinks: boolean;
}

export type VisitTarget = (
  desired: DesiredOverTime,
  visit: Visit,
  surroundings: Surroundings,
  signal: AbortSignal,
) => Promise<TargetReport>;

/** Visits whose writes all have their lines in this log. */
export function visitsInto(audit: AuditLog): VisitTarget {
  return (desired, visit, surroundings, signal) =>
    visitTarget(desired, { ...visit, audit }, surroundings, signal);
}

async function visitTarget(
  desired: DesiredOverTime,
  visit: Visit & { readonly audit: AuditLog },
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { name, product } = desired.target;
  const opened = await openTarget(desired, visit.mode === "observe" ? "plan" : "apply", surroundings);
  if ("status" in opened) return { name, product, ...opened };
  try {
    const report = await pass(opened, visit, surroundings, signal);
    if (!visit.looksIntoSinks || report.plan === undefined || signal.aborted) return report;
    const sinks = await lookIntoSinks(opened, surroundings, signal);
    return { ...report, ...(sinks && { sinks }) };
  } finally {
    await opened.connected.close();
  }
}

async function pass(
  opened: Opened,
  { mode, approvals, onWrite, audit }: Visit & { readonly audit: AuditLog },
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<TargetReport> {
  if (mode === "observe") return await planPass(opened, { approvals }, signal);
  const supervision = unasked(opened, onWrite, { ...audit, approvals: wordApprovals(approvals) });
  return await applyPass(opened, { approvals }, { surroundings, supervision }, signal);
}

/**
 * Nobody is there to ask. Where somebody else has changed the server since the plan was made, the pass ends, and the next
 * one makes a new plan; where a validity has begun or ended, the plan made anew is what the manifests say now.
 */
function unasked({ stations }: Opened, onWrite: Visit["onWrite"], audit: AuditLog): Supervision {
  return {
    check: () => [],
    confirm: (_, why) => Promise.resolve(why !== "moved"),
    onProgress: (done, total, operation) => {
      const { method, path } = stations.requestFor(operation);
      onWrite({ number: done + 1, total, kind: operation.kind, method, path });
    },
    audit,
  };
}
