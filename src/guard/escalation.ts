import { isDangerous } from "../access/dangerous.ts";
import { summarise, type ChangeSummary } from "../access/summarise.ts";
import type { Safety } from "../model/target.ts";
import type { Finding } from "../plan/plan.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** `escalation`: who gains what can grant more, one finding for all for whom it is the same. */
export function findEscalations({ plan, trace }: Evidence, { holdEscalations }: Safety): readonly Finding[] {
  return summarise(plan.accessDelta)
    .filter(({ gained }) => gained.some(isDangerous))
    .map((row) => ({
      severity: holdEscalations ? "error" : "warning",
      code: "escalation",
      message: `${wordGain(row)}: ${row.because.join("; ")}`,
      changes: trace(row.subjects, row.paths),
      count: row.subjects.length,
      facts: [...row.subjects, ...row.dangerous, ...row.paths],
    }));
}

function wordGain({ subjects, dangerous, paths, propagate }: ChangeSummary): string {
  const verb = subjects.length === 1 ? "gains" : "gain";
  const below = propagate ? " and below" : "";
  return `${wordNames(subjects)} ${verb} ${dangerous.join(", ")} on ${wordNames(paths)}${below}`;
}
