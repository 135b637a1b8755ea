import { describe, expect, test } from "@jest/globals";
import { countsOf, lookFor, notAccepted, seenAfter, type SinksSeen } from "../../../src/daemon/sinks.ts";
import type { SinkState } from "../../../src/model/sink-state.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { aToken, aTokenId } from "../../support/builders.ts";
import { aDelivery, aPlan } from "../../support/desired-builders.ts";

const [a, b] = [aTokenId("ci@pve!one"), aTokenId("ci@pve!two")];
const state = (one: SinkState["state"], sink = "ci"): SinkState => ({ sink, place: "p", state: one });
const held = new Map([
  [a, [state("accepted"), state("unknown", "age")]],
  [b, [state("refused"), state("missing", "k8s")]],
]);
const seen: SinksSeen = { atMs: 1_000, held };
const report = (over: Partial<TargetReport>): TargetReport =>
  // Proof: a report without an error is one that is ok.
  ({ name: "dc1", product: "pve", status: "ok", ...over }) as TargetReport;

describe("a pass looks into sinks", () => {
  test.each<[string, SinksSeen | undefined, number | undefined, string]>([
    ["not, but for what is to be repaired, where nobody wants it", undefined, undefined, "repaired"],
    ["where nobody has looked yet", undefined, 5_000, "all"],
    ["not where it was looked a moment ago", seen, 5_000, "known"],
    ["again when the time is over", seen, 4_000, "all"],
  ])("%s", (_, before, everyMs, kind) => {
    expect(lookFor(before, { nowMs: 5_000, everyMs }).kind).toBe(kind);
  });
});

describe("after a pass", () => {
  const all = { look: { kind: "all" }, nowMs: 9_000 } as const;

  test("what it saw is known, since when it looked", () => {
    expect(seenAfter(undefined, report({ held }), all)).toEqual({ atMs: 9_000, held });
    const known = { look: { kind: "known", held }, nowMs: 9_000 } as const;
    expect(seenAfter(seen, report({ held }), known)).toEqual(seen);
  });

  test("that did not come so far, what was known before still is", () => {
    expect(seenAfter(seen, report({}), all)).toBe(seen);
  });

  test("without the option nothing is", () => {
    expect(seenAfter(undefined, report({ held }), { look: { kind: "repaired" }, nowMs: 1 })).toBeUndefined();
  });

  test("that wrote a token, nothing is known of it", () => {
    const found = { notInSink: new Set([b]) };
    const desired = { tokens: { [b]: { expire: 0, deliveries: [aDelivery()] } } };
    const plan = aPlan(desired, { users: ["ci@pve"], tokens: [aToken(b)] }, { found });
    const tried = (status: "applied" | "failed" | "not-attempted"): readonly string[] => [
      ...(seenAfter(
        seen,
        report({ plan, held, outcomes: [{ change: 0, status, error: "" }] }),
        all,
      )?.held.keys() ?? []),
    ];
    expect([tried("applied"), tried("failed"), tried("not-attempted")]).toEqual([[a], [a], [a, b]]);
  });
});

test("what is told is counted, and what somebody has to mend comes first", () => {
  expect(countsOf(seen)).toEqual({ accepted: 1, refused: 1, missing: 1, unknown: 1 });
  expect(notAccepted(held).map(({ token, sink }) => `${token} ${sink}`)).toEqual([
    "ci@pve!two ci",
    "ci@pve!two k8s",
    "ci@pve!one age",
  ]);
});
