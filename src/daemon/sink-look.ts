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
  if (before === undefined || writtenTokens(report).size === 0) return before;
  return { ...before, found: stillFound(before.found, report), stands: false };
}

/** Of an earlier look: a token that was written since has another secret, or none. */
export function stillFound(found: readonly LookedSink[], report: TargetReport): readonly LookedSink[] {
  const written = writtenTokens(report);
  return found.filter(({ token }) => !written.has(token));
}

export function outdated(look: SinkLook | undefined): SinkLook | undefined {
  return look && { ...look, stands: false };
}

function writtenTokens({ plan, outcomes = [] }: TargetReport): ReadonlySet<string> {
  const written = outcomes.flatMap(({ status, change }) =>
    status === "applied" ? (plan?.changes[change] ?? []) : [],
  );
  return new Set(written.filter(({ kind }) => kind === "Token").map(({ name }) => name));
}
