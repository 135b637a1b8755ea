import fc from "fast-check";
import type { Fault, FaultRule, Which } from "../../../src/simulator/faults/fault.ts";
import { faultStatuses } from "../../../src/simulator/faults/fault.ts";

const lineFaults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("latency" as const), ms: fc.constantFrom(50, 5_000, 35_000, 70_000) }),
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constantFrom(...faultStatuses),
    happens: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("reset" as const), happens: fc.boolean() }),
  fc.constant<Fault>({ kind: "cut-body" }),
  fc.record({ kind: fc.constant("slow-body" as const), ms: fc.constantFrom(1_000, 130_000) }),
);

const writeFaults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("lock" as const), problem: fc.constantFrom("held", "no-quorum") }),
  fc.constant<Fault>({ kind: "crash" }),
);

const which: fc.Arbitrary<Which> = fc.oneof(
  fc
    .nat(7)
    .chain((first) =>
      fc.nat(2).map((more): Which => ({ kind: "numbers", first: first + 1, last: first + 1 + more })),
    ),
  fc.constantFrom(5, 20, 50).map((percent): Which => ({ kind: "chance", percent })),
);

const rule: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record({ fault: lineFaults, requests: fc.constantFrom("reads", "writes", "writes", "all"), which }),
  fc.record({ fault: writeFaults, requests: fc.constant("writes" as const), which }),
);

const secondWriter: fc.Arbitrary<FaultRule> = fc.record({
  fault: fc.constant<Fault>({ kind: "second-writer" }),
  requests: fc.constantFrom("reads", "writes"),
  which,
});

/** What goes wrong in a run; in one of five, somebody else writes as well. */
export const arbitraryRules: fc.Arbitrary<readonly FaultRule[]> = fc
  .tuple(
    fc.array(rule, { minLength: 1, maxLength: 4 }),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(secondWriter, { minLength: 1, maxLength: 1 }) },
    ),
  )
  .map(([rules, writers]) => [...writers, ...rules]);
