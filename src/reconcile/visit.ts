// One pass of the daemon: opened, carried out without a question, closed whatever happens.

import { randomUUID } from "node:crypto";
import { auditPass, type AuditLog, type AuditManifests, type AuditSink } from "../apply/audit.ts";
import { wordAllApprovals, type Approvals } from "../guard/approve.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Operation } from "../plan/plan.ts";
import { openTarget, type Opened, type Surroundings } from "./open.ts";
import { applyPass, type Supervision } from "./pass.ts";
import { planPass } from "./plan-pass.ts";
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
  /** Of the pass. */
  readonly id: string;
  /** Which manifests ask for it. */
  readonly manifests: AuditManifests;
  readonly mode: DesiredOverTime["target"]["mode"];
  readonly approvals: Approvals;
  readonly onWrite: (write: WriteAhead) => void;
  /** Whether the sinks are looked into afterwards. */
  readonly looksIntoSinks: boolean;
}

/** What the daemon tells of the audit log. */
export type AuditStanding = Pick<AuditSink, "lastHash" | "problem" | "breach">;

export type VisitTarget = (
  desired: DesiredOverTime,
  visit: Visit,
  surroundings: Surroundings,
  signal: AbortSignal,
) => Promise<TargetReport>;

/** Visits whose writes all have their lines in this log. */
export function visitsInto(sink: AuditSink): VisitTarget {
  // A pass' id is unique among those that the log of this process has, not among all that ever were.
  const run = randomUUID();
  return async (desired, visit, surroundings, signal) => {
    const { id, approvals, manifests } = visit;
    const audit = auditPass(sink, {
      run: `${run}/${id}`,
      approvals: wordAllApprovals(approvals, desired.target.safety.approved),
      manifests,
    });
    const report = await visitTarget(desired, { ...visit, audit }, surroundings, signal);
    const last = sink.lastHash();
    // Where logs are kept elsewhere, this is what shows later that the end of the audit log was cut off.
    if (report.outcomes && last !== undefined) surroundings.logger.info("audit log", { last });
    return report;
  };
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
    const sinks = await lookIntoSinks(opened, surroundings, signal).catch((error: unknown) => {
      // Interrupted while it looked: what was written is still to be told.
      if (signal.aborted) return undefined;
      throw error;
    });
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
  const supervision = unasked(opened, onWrite, audit);
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
