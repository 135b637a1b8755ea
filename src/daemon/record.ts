// In: what a pass reports, with two whole states of the target. Out: what is kept of it for as long as the process runs.

import type { TargetReport } from "../reconcile/report.ts";
import { countOf } from "../render/count.ts";
import { groupBy } from "../support/group-by.ts";
import type { Reason } from "./queue.ts";
import type { PassEnd } from "./schedule.ts";

type PassResult =
  /** Nothing is left to do. */
  | "synced"
  /** The mode is observe, and something differs. */
  | "drift"
  /** The switch on the target is pulled, and something differs. */
  | "paused"
  /** A finding stops the plan. */
  | "refused"
  /** A part of the plan waits because of a finding; the rest is done. */
  | "held"
  /** Somebody else wrote to the server at the same time. */
  | "moved"
  /** Ended early: the daemon stops, or other manifests came into force. */
  | "interrupted"
  | "unreachable"
  /** Something could not be read, written or proved. */
  | "failed"
  | "bug";

interface KindCount {
  readonly kind: string;
  readonly pending: number;
  readonly applied: number;
  readonly failed: number;
}

/** Of one pass: numbers and words, nothing that grows with the target. */
export interface PassRecord {
  /** Stands in every line of the log that belongs to the pass. */
  readonly id: string;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly reasons: readonly Reason[];
  readonly result: PassResult;
  /** Why it is not `synced`: a code, and a sentence. */
  readonly code?: string;
  readonly message?: string;
  readonly changes: { readonly create: number; readonly update: number; readonly delete: number };
  /** By kind, of those with any: what is still pending after the pass, what it applied, and what it tried in vain. */
  readonly kinds: readonly KindCount[];
  readonly held: number;
  readonly applied: number;
  readonly unfinished: number;
  readonly errors: number;
  readonly warnings: number;
  /** The switch on the target is pulled. */
  readonly isPaused: boolean;
}

export type Course = Pick<PassRecord, "id" | "startedMs" | "durationMs" | "reasons">;

export function recordOf(report: TargetReport, mode: "enforce" | "observe", course: Course): PassRecord {
  const { plan, outcomes = [] } = report;
  const open = (plan?.changes ?? []).filter(({ held }) => !held);
  const count = (action: "create" | "update" | "delete"): number =>
    open.filter((change) => change.action === action).length;
  const applied = outcomes.filter(({ status }) => status === "applied").length;
  const held = (plan?.changes.length ?? 0) - open.length;
  const findings = plan?.findings ?? [];
  return {
    ...course,
    ...resultOf(report, mode, { open: open.length, held }),
    changes: { create: count("create"), update: count("update"), delete: count("delete") },
    kinds: kindsOf(report),
    held,
    applied,
    unfinished: unfinishedOf(report),
    errors: findings.filter(({ severity }) => severity === "error").length,
    warnings: findings.filter(({ severity }) => severity === "warning").length,
    isPaused: findings.some(({ code }) => code === "paused"),
  };
}

function kindsOf({ plan, outcomes }: TargetReport): readonly KindCount[] {
  const changes = (plan?.changes ?? []).map(({ kind }, change) => ({
    kind,
    outcome: outcomes?.[change]?.status,
  }));
  return [...groupBy(changes, ({ kind }) => kind)].map(([kind, all]) => {
    const applied = all.filter(({ outcome }) => outcome === "applied").length;
    const failed = all.filter(({ outcome }) => outcome === "failed" || outcome === "unconfirmed").length;
    return { kind, pending: all.length - applied, applied, failed };
  });
}

function unfinishedOf({ plan, outcomes = [] }: TargetReport): number {
  return outcomes.filter(({ status, change }) => status !== "applied" && plan?.changes[change]?.held !== true)
    .length;
}

type Result = Pick<PassRecord, "result" | "code" | "message">;

function resultOf(
  report: TargetReport,
  mode: "enforce" | "observe",
  { open, held }: { readonly open: number; readonly held: number },
): Result {
  const { status, error, plan } = report;
  if (error !== undefined) {
    const { code, message } = error;
    if (status === "unreachable") return { result: "unreachable", code, message };
    return { result: code === "live-state-moved" ? "moved" : "failed", code, message };
  }
  const refusals = (plan?.findings ?? []).filter(({ severity }) => severity === "error");
  if (status === "refused") return refusedFor(refusals);
  if (unfinishedOf(report) > 0) return { result: "failed", ...notApplied(report) };
  if (mode === "observe" && open > 0)
    return {
      result: "drift",
      code: "drift",
      message: `${countOf(open, "change")} ${open === 1 ? "is" : "are"} pending, and the mode is observe`,
    };
  if (held > 0)
    return {
      result: "held",
      code: "held",
      message: `${countOf(held, "change")} ${held === 1 ? "is" : "are"} held by a finding`,
    };
  return { result: "synced" };
}

function refusedFor(refusals: readonly { readonly code: string; readonly message: string }[]): Result {
  const [other] = refusals.filter(({ code }) => code !== "paused");
  const [first] = refusals;
  if (other !== undefined) return { result: "refused", code: other.code, message: other.message };
  return { result: "paused", code: "paused", message: first?.message ?? "the target is paused" };
}

function notApplied({ outcomes = [] }: TargetReport): Pick<Result, "code" | "message"> {
  const failure = outcomes.find(({ status }) => status !== "applied");
  return { code: "not-applied", message: failure?.error ?? "not every change was applied" };
}

/**
 * A pass that was asked to end early. Where nothing was left undone, what it came to stands; else whoever reads it must not
 * take what failed, and what nobody knows, for something that was only not tried.
 */
export function interruptedRecord(record: PassRecord, { outcomes = [], error }: TargetReport): PassRecord {
  if (record.unfinished === 0) return record;
  const failed = outcomes.filter(({ status }) => status === "failed");
  const unconfirmed = outcomes.filter(({ status }) => status === "unconfirmed");
  const parts = [
    `ended early, with ${countOf(record.applied, "change")} applied`,
    ...saidOf(failed, "failed"),
    ...saidOf(unconfirmed, "may have happened or not"),
    ...(error === undefined ? [] : [error.message]),
  ];
  return { ...record, result: "interrupted", code: "interrupted", message: parts.join("; ") };
}

function saidOf(outcomes: readonly { readonly error?: string }[], fate: string): readonly string[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  return [`${outcomes.length} ${fate}${first.error === undefined ? "" : `: ${first.error}`}`];
}

/** What a pass that ended in a way that nobody foresaw leaves behind. */
export function bugRecord(message: string, course: Course): PassRecord {
  const nothing = { create: 0, update: 0, delete: 0 };
  const none = { kinds: [], held: 0, applied: 0, unfinished: 0, errors: 0, warnings: 0, isPaused: false };
  return { ...course, result: "bug", code: "bug", message, changes: nothing, ...none };
}

/** What it means for the next pass: what only a person can mend is not tried again and again. */
export function endOf({ result }: PassRecord): PassEnd {
  switch (result) {
    case "synced":
    case "drift":
    case "paused":
    case "refused":
    case "held":
    case "interrupted":
      return "done";
    case "moved":
      return "moved";
    case "unreachable":
    case "failed":
    case "bug":
      return "failed";
  }
}
