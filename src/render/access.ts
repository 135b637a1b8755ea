// The access delta in words: what a reviewer must know even if nothing else is read.

import { summarise, type ChangeSummary } from "../access/summarise.ts";
import type { Plan } from "../plan/plan.ts";
import { countOf } from "./count.ts";
import { firstOf } from "./words.ts";

/** One row of the access delta, each part a text that is not escaped yet. */
export interface AccessLine {
  /** `3 users and tokens: user:anna@pve, …` */
  readonly who: string;
  /** `/vms and below but /vms/100` */
  readonly where: string;
  readonly gained: string;
  readonly lost: string;
  readonly because: string;
  /** Somebody gains what can grant more. */
  readonly isDangerous: boolean;
}

interface Limits {
  readonly names: number;
  readonly privileges: number;
  readonly paths: number;
}

const brief: Limits = { names: 4, privileges: 6, paths: 4 };
const whole: Limits = { names: Infinity, privileges: Infinity, paths: Infinity };

/** Dangerous gains first. In brief many names, paths and privileges are counted; dangerous privileges never are. */
export function accessLines(plan: Plan, detail: "brief" | "verbose"): readonly AccessLine[] {
  const limits = detail === "verbose" ? whole : brief;
  return summarise(plan.accessDelta).map((row) => ({
    who: wordSubjects(row, limits),
    where: wordPaths(row, limits),
    gained: wordPrivileges([...row.dangerous, ...row.gained.filter((one) => !row.dangerous.includes(one))], {
      ...limits,
      privileges: Math.max(limits.privileges, row.dangerous.length),
    }),
    lost: wordPrivileges(row.lost, limits),
    because: row.because.join("; "),
    isDangerous: row.dangerous.length > 0,
  }));
}

/** The same rows as values, for who shows them in another way. */
export function accessSummary(plan: Plan): readonly ChangeSummary[] {
  return summarise(plan.accessDelta);
}

function wordSubjects({ subjects }: ChangeSummary, { names }: Limits): string {
  const listed = cut(subjects, names);
  return subjects.length === 1 ? listed : `${countOf(subjects.length, "subject")}: ${listed}`;
}

function wordPaths({ paths, propagate, except }: ChangeSummary, limits: Limits): string {
  const below = propagate ? " and below" : "";
  const but = except.length === 0 ? "" : ` but for ${cut(except, limits.paths)}`;
  return `${cut(paths, limits.paths)}${below}${but}`;
}

function wordPrivileges(privileges: readonly string[], limits: Limits): string {
  return cut(privileges, limits.privileges);
}

function cut(texts: readonly string[], limit: number): string {
  const { shown, more } = firstOf(texts, limit);
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
