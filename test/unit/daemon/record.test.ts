import { describe, expect, test } from "@jest/globals";
import type { FindingCode } from "../../../src/model/finding-code.ts";
import type { Finding, Plan } from "../../../src/plan/plan.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { passSaid, withConditions, manifestsSaid, type Condition } from "../../../src/daemon/conditions.ts";
import {
  bugRecord,
  endOf,
  interruptedRecord,
  recordOf,
  type Course,
  type PassRecord,
} from "../../../src/daemon/record.ts";
import { aPlan } from "../../support/desired-builders.ts";

const course: Course = { id: "a1", startedMs: 5, durationMs: 7, reasons: ["resync"] };
const plan = aPlan({ groups: { a: {}, b: {} }, users: { "joe@pve": {} } });
const nothing = aPlan({});

function heldOf(one: Plan): Plan {
  return { ...one, changes: one.changes.map((change, at) => ({ ...change, held: at === 0 })) };
}

function finding(code: FindingCode): Finding {
  return { severity: "error", code, message: `${code} it is`, changes: [] };
}

function report(over: Partial<TargetReport> & { readonly plan?: Plan } = {}): TargetReport {
  // Proof: each row names the fields that go together.
  return { name: "dc1", product: "pve", status: "ok", plan: nothing, ...over } as TargetReport;
}

const applied = plan.changes.map((_, change) => ({ change, status: "applied" as const }));
const error = (code: string): NonNullable<TargetReport["error"]> => ({
  code,
  message: code,
  hint: "never kept",
});

type Row = readonly [
  result: PassRecord["result"],
  report: TargetReport,
  conditions: string,
  mode?: "observe",
];

const rows: readonly Row[] = [
  ["synced", report(), "True Answered, True NoChange, False Proceeding"],
  ["synced", report({ plan, outcomes: applied }), "True Answered, True Applied, False Proceeding"],
  ["drift", report({ plan }), "True Answered, False Drift, False Proceeding", "observe"],
  ["synced", report(), "True Answered, True NoChange, False Proceeding", "observe"],
  [
    "refused",
    report({ status: "refused", plan: { ...plan, findings: [finding("paused"), finding("max-deletes")] } }),
    "True Answered, False MaxDeletes, True MaxDeletes",
  ],
  [
    "paused",
    report({ status: "refused", plan: { ...plan, findings: [finding("paused")] } }),
    "True Answered, False Paused, True Paused",
  ],
  [
    "held",
    report({
      plan: heldOf(plan),
      outcomes: applied.map((one, at) => (at === 0 ? { ...one, status: "not-attempted" as const } : one)),
    }),
    "True Answered, False Held, True Held",
  ],
  [
    "moved",
    report({ status: "refused", plan, error: error("live-state-moved") }),
    "True Answered, False LiveStateMoved, False Proceeding",
  ],
  [
    "unreachable",
    report({ status: "unreachable", error: error("server-untrusted") }),
    "False ServerUntrusted, Unknown ServerUntrusted, False Retrying",
  ],
  [
    "failed",
    report({ status: "invalid", error: error("secret-missing") }),
    "Unknown SecretMissing, False SecretMissing, False Retrying",
  ],
  [
    "failed",
    report({ status: "invalid", error: error("incomplete-read") }),
    "True Answered, False IncompleteRead, False Retrying",
  ],
  [
    "failed",
    report({ plan, outcomes: applied, error: error("not-converged") }),
    "True Answered, False NotConverged, False Retrying",
  ],
  [
    "failed",
    report({ plan, outcomes: [{ change: 0, status: "failed", error: "no" }, ...applied.slice(1)] }),
    "True Answered, False NotApplied, False Retrying",
  ],
];

function worded(conditions: readonly Pick<Condition, "status" | "reason">[]): string {
  return conditions.map(({ status, reason }) => `${status} ${reason}`).join(", ");
}

function interrupted(over: Parameters<typeof report>[0]): PassRecord {
  const ended = report(over);
  return interruptedRecord(recordOf(ended, "enforce", course), ended);
}

describe("what a pass leaves behind", () => {
  test.each(rows)("%s", (result, given, conditions, ...[mode]) => {
    const record = recordOf(given, mode ?? "enforce", course);
    expect(record).toMatchObject({ ...course, result });
    expect(worded(passSaid(record, 0))).toBe(conditions);
    expect(JSON.stringify(record)).not.toContain("never kept");
    // A code wherever it is not synced, and nowhere else.
    expect(record.code === undefined).toBe(result === "synced");
  });

  test("counts by kind what is pending, applied and failed", () => {
    const outcomes = [{ change: 0, status: "failed" as const }, ...applied.slice(1)];
    expect(recordOf(report({ plan, outcomes }), "enforce", course)).toMatchObject({
      changes: { create: 3, update: 0, delete: 0 },
      kinds: [
        { kind: "Group", pending: 1, applied: 1, failed: 1 },
        { kind: "User", pending: 0, applied: 1, failed: 0 },
      ],
      applied: 2,
      unfinished: 1,
    });
  });

  test("says so where it ended early, unless nothing was left to do", () => {
    expect(interruptedRecord(recordOf(report({ plan }), "enforce", course), report({ plan })).result).toBe(
      "synced",
    );
    const half = interrupted({ plan, outcomes: [{ change: 0, status: "not-attempted" }] });
    expect(half).toMatchObject({ result: "interrupted", code: "interrupted" });
    expect(endOf(half)).toBe("done");
  });

  test("says so with what failed, and of what nobody knows whether it happened", () => {
    const { message } = interrupted({
      plan,
      outcomes: [
        { change: 0, status: "failed", error: "no such group" },
        { change: 1, status: "unconfirmed", error: "the answer was lost" },
        { change: 2, status: "applied" },
      ],
      error: error("audit-log"),
    });
    expect(message).toBe(
      "ended early, with 1 change applied; 1 failed: no such group; " +
        "1 may have happened or not: the answer was lost; audit-log",
    );
  });

  test("says what it came to where it had come to its end, though it was to end early", () => {
    const refused = { status: "refused", plan: { ...plan, findings: [finding("max-deletes")] } } as const;
    expect(interrupted(refused)).toMatchObject({ result: "refused", code: "max-deletes" });
    expect(interrupted({ plan, outcomes: applied, error: error("not-converged") })).toMatchObject({
      result: "failed",
      code: "not-converged",
    });
  });

  test("is a bug where nobody foresaw it, and is tried again", () => {
    const record = bugRecord("x", course);
    expect(worded(passSaid(record, 0))).toBe("Unknown Bug, Unknown Bug, True Bug");
    expect(endOf(record)).toBe("failed");
  });

  test("stalls after five failures in a row", () => {
    const record = recordOf(
      report({ status: "unreachable", error: error("server-unreachable") }),
      "enforce",
      course,
    );
    expect([3, 4].map((before) => worded(passSaid(record, before).slice(2)))).toEqual([
      "False Retrying",
      "True RepeatedFailures",
    ]);
  });
});

describe("conditions", () => {
  const observed = { digest: "d", commit: undefined };

  test("keep the moment of their last transition while the status stays", () => {
    const record = recordOf(report(), "enforce", course);
    const first = withConditions([], passSaid(record, 0), { nowMs: 1, observed });
    const second = withConditions(first, passSaid(record, 0), {
      nowMs: 2,
      observed: { digest: "e", commit: "c" },
    });
    expect(second.map(({ lastTransitionMs }) => lastTransitionMs)).toEqual([1, 1, 1]);
    expect(second[0]).toMatchObject({ digest: "e", commit: "c" });
    const refused = { ...record, result: "refused", code: "protected" } as const;
    const third = withConditions(second, passSaid(refused, 0), { nowMs: 3, observed });
    expect(third.map(({ type, lastTransitionMs }) => [type, lastTransitionMs])).toEqual([
      ["Reachable", 1],
      ["Synced", 3],
      ["Stalled", 3],
    ]);
  });

  test("that nothing is said of stand as they were", () => {
    const first = withConditions([], [manifestsSaid([])], { nowMs: 1, observed });
    const second = withConditions(first, passSaid(recordOf(report(), "enforce", course), 0), {
      nowMs: 2,
      observed,
    });
    expect(second[0]).toEqual(first[0]);
    const third = withConditions(second, [manifestsSaid(["a", "b", "c"])], { nowMs: 3, observed });
    expect(third[0]).toMatchObject({
      status: "False",
      lastTransitionMs: 3,
      message: expect.stringContaining("a (and 2 more)"),
    });
    expect(third.slice(1)).toEqual(second.slice(1));
  });
});

test.each([
  [1, "1 change is held by a finding"],
  [2, "2 changes are held by a finding"],
])("%i held", (count, message) => {
  const held = { ...plan, changes: plan.changes.map((change, at) => ({ ...change, held: at < count })) };
  const outcomes = held.changes.flatMap((change, at) =>
    change.held ? [] : [{ change: at, status: "applied" as const }],
  );
  expect(recordOf(report({ plan: held, outcomes }), "enforce", course).message).toBe(message);
});
