// In: a schedule, then one request after the other. Out: what goes wrong with each. Must not know: what a fault does.

import type { Fault, FaultRule, FaultSchedule, Requests } from "./fault.ts";
import { chanceFrom } from "./chance.ts";

interface Asked {
  readonly method: string;
  /** Below /api2/json, without the query. */
  readonly path: string;
}

/** What goes wrong with a request, the outermost first. */
export type Upcoming = (asked: Asked) => readonly Fault[];

/**
 * A chance hangs on the request and on how often it was made, not on when it arrived: reads come in parallel, and the same
 * seed is to mean the same faults.
 */
export function followSchedule({ seed, rules }: FaultSchedule): Upcoming {
  const made = new Map<string, number>();
  const counts = new Map<Requests, number>();
  const countOf = (requests: Requests): number => counts.get(requests) ?? 0;
  return ({ method, path }) => {
    const kinds = kindsOf(method, path);
    for (const kind of kinds) counts.set(kind, countOf(kind) + 1);
    const name = `${method} ${path}`;
    const time = (made.get(name) ?? 0) + 1;
    made.set(name, time);
    return rules.flatMap((rule, index) => {
      const chance = (): number => chanceFrom(`${seed} ${index} ${name} ${time}`);
      return kinds.includes(rule.requests) && isHit(rule, countOf(rule.requests), chance) ? [rule.fault] : [];
    });
  };
}

function kindsOf(method: string, path: string): readonly Requests[] {
  if (path === "/access/ticket") return ["all"];
  return [method === "GET" ? "reads" : "writes", "all"];
}

function isHit({ which }: FaultRule, count: number, chance: () => number): boolean {
  switch (which.kind) {
    case "every":
      return true;
    case "numbers":
      return count >= which.first && count <= which.last;
    case "chance":
      return chance() * 100 < which.percent;
  }
}
