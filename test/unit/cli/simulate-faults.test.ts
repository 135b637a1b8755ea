import { describe, expect, test } from "@jest/globals";
import { addFault, parseSeed } from "../../../src/cli/simulate-faults.ts";

const every = { kind: "every" } as const;

describe("--fault", () => {
  test.each<readonly [string, unknown]>([
    ["crash", { fault: { kind: "crash" }, requests: "writes", which: every }],
    ["latency=2s", { fault: { kind: "latency", ms: 2000 }, requests: "all", which: every }],
    ["slow-body=250ms@reads", { fault: { kind: "slow-body", ms: 250 }, requests: "reads", which: every }],
    [
      "596-after@writes:2",
      {
        fault: { kind: "status", status: 596, happens: true },
        requests: "writes",
        which: { kind: "numbers", first: 2, last: 2 },
      },
    ],
    [
      "lock-timeout@1-3",
      {
        fault: { kind: "lock", problem: "held" },
        requests: "writes",
        which: { kind: "numbers", first: 1, last: 3 },
      },
    ],
    [
      "reset-before@all:10%",
      { fault: { kind: "reset", happens: false }, requests: "all", which: { kind: "chance", percent: 10 } },
    ],
  ])("%s", (text, rule) => {
    expect(addFault(text, [])).toEqual([rule]);
  });

  test.each([
    "",
    "nothing",
    "toString",
    "latency",
    "latency=601s",
    "latency=1h",
    "418",
    "crash-after",
    "crash@reads:",
    "crash@0",
    "crash@3-2",
    "crash@101%",
    "crash@some",
    "crash@writes@2",
  ])("%j is refused, with what there is", (text) => {
    expect(() => addFault(text, [])).toThrow(/not a (?:fault|choice)/u);
  });

  test("there is a limit", () => {
    const many = Array.from({ length: 32 }).reduce<ReturnType<typeof addFault>>(
      (rules) => addFault("crash", rules),
      [],
    );
    expect(() => addFault("crash", many)).toThrow("at most 32 faults");
  });

  test("a seed is a whole number", () => {
    expect(parseSeed("42")).toBe(42);
    expect(() => parseSeed("-1")).toThrow("a whole number");
  });
});
