// In: what a target's last pass and the manifests say. Out: conditions, as Kubernetes words them. Pure.

import { countOf } from "../render/count.ts";
import type { PassRecord } from "./record.ts";

const conditionTypes = ["ManifestsValid", "Reachable", "Synced", "Stalled"] as const;
type ConditionType = (typeof conditionTypes)[number];

/** Which manifests something was said of. */
export interface Observed {
  readonly digest: string;
  readonly commit: string | undefined;
}

export interface Condition extends Observed {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  /** One word, for programs. */
  readonly reason: string;
  readonly message: string;
  /** When the status last became another one. */
  readonly lastTransitionMs: number;
}

type Said = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What was said before stands until something else is; only another status is a transition. */
export function withConditions(
  before: readonly Condition[],
  said: readonly Said[],
  { nowMs, observed }: { readonly nowMs: number; readonly observed: Observed },
): readonly Condition[] {
  return conditionTypes.flatMap((type) => {
    const last = before.find((condition) => condition.type === type);
    const now = said.find((condition) => condition.type === type);
    if (now === undefined) return last ?? [];
    const lastTransitionMs = last?.status === now.status ? last.lastTransitionMs : nowMs;
    return { ...now, ...observed, lastTransitionMs };
  });
}

/** Before the first pass. */
export const notYet: readonly Said[] = [
  { type: "Reachable", status: "Unknown", reason: "NotTried", message: "no pass has ended yet" },
  { type: "Synced", status: "Unknown", reason: "NotTried", message: "no pass has ended yet" },
  { type: "Stalled", status: "False", reason: "Proceeding", message: "" },
];

export const suspended: readonly Said[] = [
  {
    type: "Synced",
    status: "Unknown",
    reason: "Suspended",
    message: "spec.suspend is set: the target is left alone",
  },
  { type: "Stalled", status: "False", reason: "Suspended", message: "" },
];

export function manifestsSaid(mistakes: readonly string[]): Said {
  const [first, ...rest] = mistakes;
  if (first === undefined)
    return {
      type: "ManifestsValid",
      status: "True",
      reason: "Accepted",
      message: "the manifests are in force",
    };
  const more = rest.length === 0 ? "" : ` (and ${rest.length} more)`;
  const message = `what was accepted before stays in force: ${first}${more}`;
  return { type: "ManifestsValid", status: "False", reason: "Invalid", message };
}

/** A failure that has come so often in a row is no hiccup. */
const manyFailures = 5;

export function passSaid(record: PassRecord, failuresBefore: number): readonly Said[] {
  return [reachable(record), synced(record), stalled(record, failuresBefore + 1)];
}

function reachable({ result, code, message = "" }: PassRecord): Said {
  const type = "Reachable";
  if (result === "unreachable") return { type, status: "False", reason: wordCode(code), message };
  // Credentials that can't be read, or a bug: nobody was asked.
  const wasAsked = result !== "bug" && (result !== "failed" || answered.test(code ?? ""));
  if (!wasAsked) return { type, status: "Unknown", reason: wordCode(code), message };
  return { type, status: "True", reason: "Answered", message: "the server answers" };
}

const answered = /^(?:server-|incomplete-read|not-converged|not-applied|audit-log)/u;

function synced({ result, code, message = "", applied }: PassRecord): Said {
  const type = "Synced";
  switch (result) {
    case "synced":
      return applied > 0
        ? {
            type,
            status: "True",
            reason: "Applied",
            message: `${countOf(applied, "change")} ${applied === 1 ? "was" : "were"} applied`,
          }
        : { type, status: "True", reason: "NoChange", message: "the live state is as declared" };
    case "unreachable":
    case "bug":
      return { type, status: "Unknown", reason: wordCode(code), message };
    case "drift":
    case "paused":
    case "refused":
    case "held":
    case "moved":
    case "interrupted":
    case "failed":
      return { type, status: "False", reason: wordCode(code), message };
  }
}

function stalled({ result, code, message = "" }: PassRecord, failures: number): Said {
  const type = "Stalled";
  switch (result) {
    case "synced":
    case "drift":
    case "moved":
    case "interrupted":
      return { type, status: "False", reason: "Proceeding", message: "" };
    case "paused":
    case "refused":
    case "held":
    case "bug":
      return { type, status: "True", reason: wordCode(code), message };
    case "unreachable":
    case "failed":
      return failures >= manyFailures
        ? {
            type,
            status: "True",
            reason: "RepeatedFailures",
            message: `${failures} passes failed in a row: ${message}`,
          }
        : { type, status: "False", reason: "Retrying", message };
  }
}

/** `not-converged` as Kubernetes spells reasons: NotConverged. */
function wordCode(code = "unknown"): string {
  return code.replace(/(?:^|-)([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());
}
