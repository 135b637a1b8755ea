import { describe, expect, test } from "@jest/globals";
import type { FaultRule } from "../../../../src/simulator/faults/fault.ts";
import { followSchedule } from "../../../../src/simulator/faults/schedule.ts";

const latency = { kind: "latency", ms: 1 } as const;
const on = (requests: FaultRule["requests"], which: FaultRule["which"]): FaultRule => ({
  fault: latency,
  requests,
  which,
});
const asked = [
  "POST /access/ticket",
  "GET /access/users",
  "POST /access/users",
  "GET /access/acl",
  "PUT /access/acl",
  "GET /access/users",
];

/** Of each request by its number, whether something goes wrong with it. */
function hits(rules: readonly FaultRule[], seed = 1, order = asked): readonly string[] {
  const upcoming = followSchedule({ seed, rules });
  return order.filter((text) => {
    const [method = "", path = ""] = text.split(" ");
    return upcoming({ method, path }).length > 0;
  });
}

describe("a schedule", () => {
  test("counts reads and writes each for themselves, and a login among all only", () => {
    const second = { kind: "numbers", first: 2, last: 2 } as const;
    expect(hits([on("reads", second)])).toEqual(["GET /access/acl"]);
    expect(hits([on("writes", second)])).toEqual(["PUT /access/acl"]);
    expect(hits([on("all", { kind: "numbers", first: 1, last: 2 })])).toEqual(asked.slice(0, 2));
  });

  test("leaves to chance what hangs on the seed and on the request, not on the order of arrival", () => {
    const half = [on("all", { kind: "chance", percent: 50 })];
    const many = Array.from({ length: 200 }, (_, index) => `GET /access/users/u${String(index)}@pve`);
    const struck = hits(half, 7, many);
    expect(struck.length).toBeGreaterThan(70);
    expect(struck.length).toBeLessThan(130);
    expect(hits(half, 7, [...many].reverse())).toEqual([...struck].reverse());
    expect(hits(half, 8, many)).not.toEqual(struck);
  });

  test("gives all that goes wrong with one request, in the rules' order", () => {
    const reset: FaultRule = {
      fault: { kind: "reset", happens: true },
      requests: "all",
      which: { kind: "every" },
    };
    const upcoming = followSchedule({ seed: 1, rules: [on("all", { kind: "every" }), reset] });
    expect(upcoming({ method: "GET", path: "/version" })).toEqual([latency, reset.fault]);
  });
});
