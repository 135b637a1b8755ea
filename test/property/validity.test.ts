import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { desiredAt } from "../../src/desired/at-instant.ts";
import { nextBoundary } from "../../src/desired/boundaries.ts";
import { declaredIn } from "../../src/guard/declared.ts";
import { judgePlan } from "../../src/guard/judge.ts";
import type { DesiredOverTime } from "../../src/model/desired-over-time.ts";
import { pve } from "../../src/model/pve.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { aToken, aTokenId, aUserId } from "../support/builders.ts";
import { aLiveState, type TerseLive } from "../support/desired-builders.ts";
import { buildFiles, manifestText, targetText } from "../support/manifest-text.ts";

const first = Date.UTC(2026, 0, 1) / 1000;
const span = 1_000;
const caller = aTokenId("rolecall@pve!gitops");

interface Box {
  readonly kind: "ACL" | "Membership";
  readonly object: number;
  readonly from: number;
  readonly length: number;
}

/** So few pairs, roles and instants that the boxes meet, overlap and touch. */
const box: fc.Arbitrary<Box> = fc.record({
  kind: fc.constantFrom("ACL" as const, "ACL" as const, "Membership" as const),
  object: fc.nat(3),
  from: fc.nat(8).map((step) => step * 100),
  length: fc.integer({ min: 1, max: 2 }).map((step) => step * 100),
});
const boxes = fc.array(box, { minLength: 1, maxLength: 6 });

const wordInstant = (seconds: number): string => new Date((first + seconds) * 1000).toISOString();

function documentFor({ kind, object, from, length }: Box, index: number): string {
  const validity = `{ notBefore: "${wordInstant(from)}", notAfter: "${wordInstant(from + length)}" }`;
  const said =
    kind === "Membership"
      ? `group: g${object % 2}, user: u${object}@pve`
      : `path: /vms, roles: [${object < 2 ? "PVEAuditor" : "PVEVMUser"}], subjects: [{ group: g${object % 2} }]`;
  return manifestText(kind, `box-${index}`, `{ ${said}, validity: ${validity} }`);
}

function built(documents: readonly string[], target = targetText()): DesiredOverTime {
  const { states, diagnostics } = buildFiles({
    "target.yaml": target,
    ...Object.fromEntries(documents.map((text, index) => [`${index}.yaml`, text])),
  });
  expect(diagnostics).toEqual([]);
  return states[0]!;
}

/** All that the boxes may grant is there, and everybody can log in. */
const live: TerseLive = {
  users: ["rolecall@pve", "u0@pve", "u1@pve", "u2@pve", "u3@pve"],
  tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false })],
  groups: { g0: ["u0@pve", "u2@pve"], g1: ["u1@pve", "u3@pve"] },
  acl: [
    ["/", "user:rolecall@pve", "Administrator"],
    ...["g0", "g1"].flatMap((group) =>
      ["PVEAuditor", "PVEVMUser"].map((role) => ["/vms", `group:${group}`, role] as const),
    ),
  ],
};

function planAt(overTime: DesiredOverTime, nowSeconds: number): Plan {
  const desired = desiredAt(overTime, nowSeconds);
  const plan = makePlan({
    desired,
    live: aLiveState(live),
    product: pve,
    caller,
    callers: [caller],
    nowSeconds,
  });
  const findings = judgePlan(plan, {
    safety: desired.target.safety,
    credentials: desired.target.credentials,
    approvals: new Map(),
    declared: declaredIn(desired),
    policies: desired.policies,
    nowSeconds,
    caller,
    superuser: aUserId("root@pam"),
    missingPrivilege: "error",
    paused: "error",
    allowExec: false,
  });
  return { ...plan, findings };
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === "source" ? undefined : inner));
}

/** An order that only the seeds decide. */
function shuffled<T>(values: readonly T[], seeds: readonly number[]): readonly T[] {
  return values
    .map((value, index) => ({ value, seed: seeds[index] ?? 0 }))
    .sort((a, b) => a.seed - b.seed)
    .map(({ value }) => value);
}

describe("laws of validity", () => {
  const instant = fc.integer({ min: -1, max: span + 1 }).map((seconds) => first + seconds);
  const seeds = fc.array(fc.nat(), { minLength: 6, maxLength: 6 });

  test("the order of the manifests is irrelevant at every instant", () => {
    fc.assert(
      fc.property(boxes, seeds, instant, (list, order, now) => {
        const documents = list.map(documentFor);
        const [one, other] = [documents, shuffled(documents, order)].map((texts) => {
          const { changes, operations, findings, boundaries } = planAt(built(texts), now);
          return withoutPlaces([changes, operations, findings, boundaries]);
        });
        expect(other).toBe(one);
      }),
      { numRuns: 60 },
    );
  });

  test("from one boundary to the second before the next, nothing changes", () => {
    fc.assert(
      fc.property(boxes, instant, (list, now) => {
        const desired = built(list.map(documentFor));
        const next = nextBoundary(desired, now);
        const last = next === undefined ? now + 1_000_000 : next - 1;
        const said = (at: number): string => {
          const { acl, memberships } = desiredAt(desired, at);
          return withoutPlaces([acl, memberships]);
        };
        expect(said(last)).toBe(said(now));
      }),
      { numRuns: 100 },
    );
  });

  test("outside of all validities what they grant is revoked, whatever prune, allowEmpty and the budgets say", () => {
    const prune = fc.constantFrom("true", "false", "{ users: disable, acl: false }");
    fc.assert(
      fc.property(boxes, prune, fc.constantFrom(-1, span), (list, mode, offset) => {
        const target = targetText("dc1", ", safety: { maxRevocations: 0, maxDeletes: 0 }").replace(
          "prune: true",
          `prune: ${mode}`,
        );
        const plan = planAt(built(list.map(documentFor), target), first + offset);
        for (const { kind, object } of list) {
          const group = [...plan.after.groups.values()].find(({ id }) => id === `g${object % 2}`);
          if (kind === "Membership") expect(group?.members).not.toContain(`u${object}@pve`);
          else expect(plan.after.acl.map(({ subject }) => subject.id)).not.toContain(`g${object % 2}`);
        }
        expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(plan.changes.map(({ reason }) => reason)).toEqual(plan.changes.map(() => "outside-validity"));
      }),
      { numRuns: 100 },
    );
  });
});
