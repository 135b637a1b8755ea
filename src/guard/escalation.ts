import { isDangerous } from "../access/dangerous.ts";
import { summarise, type ChangeSummary } from "../access/summarise.ts";
import type { Safety } from "../model/target.ts";
import type { Finding } from "../plan/plan.ts";
import { sortedSet } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** Several rows of one ground: an entry counts on a pool, and by way of it on each of its members. */
type Rows = readonly [ChangeSummary, ...ChangeSummary[]];

/** `escalation`: who gains what can grant more, one finding for all for whom it is the same, on one ground. */
export function findEscalations({ plan, trace }: Evidence, { holdEscalations }: Safety): readonly Finding[] {
  const gains = summarise(plan.accessDelta).filter(({ gained }) => gained.some(isDangerous));
  const grounds = groupBy(gains, ({ subjects, dangerous, ground }) =>
    JSON.stringify([subjects, dangerous, ground]),
  );
  return [...grounds.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const rows: Rows = [first, ...others];
    const { subjects, dangerous, because, ground } = first;
    const paths = sortedSet(rows.flatMap((row) => row.paths));
    return [
      {
        severity: holdEscalations ? ("error" as const) : ("warning" as const),
        code: "escalation",
        message: `${wordGain(rows)}: ${(others.length === 0 ? because : ground).join("; ")}`,
        changes: trace(subjects, paths),
        count: subjects.length,
        facts: [...subjects, ...dangerous, ...paths],
      },
    ];
  });
}

function wordGain(rows: Rows): string {
  const [{ subjects, dangerous }] = rows;
  const verb = subjects.length === 1 ? "gains" : "gain";
  return `${wordNames(subjects)} ${verb} ${dangerous.join(", ")} on ${wordPlaces(rows)}`;
}

function wordPlaces(rows: Rows): string {
  const [{ paths, propagate }, ...others] = rows;
  if (others.length === 0) return `${wordNames(paths)}${propagate ? " and below" : ""}`;
  const places = rows.flatMap((row) => row.paths.map((path) => (row.propagate ? `${path} and below` : path)));
  return `${places.length} paths (${wordNames(places)})`;
}
