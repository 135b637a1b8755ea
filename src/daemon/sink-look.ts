// In: what a pass reports, the time. Out: what is known of the sinks since, and whether it is time to look again. Pure.

import type { LookedSink, TargetReport } from "../reconcile/report.ts";

/** A look into the sinks, and whether it still stands: a token that is written, or other manifests, may make it wrong. */
export interface SinkLook {
  readonly atMs: number;
  readonly found: readonly LookedSink[];
  readonly stands: boolean;
}

/** `everyMs`: undefined is never. */
export function isLookDue(look: SinkLook | undefined, everyMs: number | undefined, nowMs: number): boolean {
  if (everyMs === undefined) return false;
  return look === undefined || !look.stands || nowMs >= look.atMs + everyMs;
}

export function lookAfter(
  before: SinkLook | undefined,
  report: TargetReport,
  nowMs: number,
): SinkLook | undefined {
  if (report.sinks) return { atMs: nowMs, found: report.sinks, stands: true };
  return hasWrittenTokens(report) ? outdated(before) : before;
}

export function outdated(look: SinkLook | undefined): SinkLook | undefined {
  return look && { ...look, stands: false };
}

function hasWrittenTokens({ plan, outcomes = [] }: TargetReport): boolean {
  return outcomes.some(
    ({ status, change }) => status === "applied" && plan?.changes[change]?.kind === "Token",
  );
}
