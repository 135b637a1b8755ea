// In: what somebody asks the list of targets for. Out: those that it shows. Pure.

import type { TargetDocument } from "../daemon/status.ts";
import { isStanding, standingOf, standings, type Standing } from "./standing.ts";

export interface Choice {
  /** Part of a name; empty for any. */
  readonly name: string;
  readonly standing: Standing | undefined;
  readonly isWhole: boolean;
  readonly refreshes: boolean;
}

export interface TargetStanding {
  readonly target: TargetDocument;
  readonly standing: Standing;
}

export function choiceFrom(query: URLSearchParams): Choice {
  const standing = query.get("state") ?? "";
  return {
    name: query.get("name")?.trim() ?? "",
    standing: isStanding(standing) ? standing : undefined,
    isWhole: query.get("show") === "all",
    refreshes: query.get("refresh") === "on",
  };
}

/** The words that lead to the same list again. */
export function wordsOf({
  name,
  standing,
  isWhole,
  refreshes,
}: Choice): Readonly<Record<string, string | undefined>> {
  return {
    name,
    state: standing,
    show: isWhole ? "all" : undefined,
    refresh: refreshes ? "on" : undefined,
  };
}

const ranks = new Map(Object.keys(standings).map((standing, rank) => [standing, rank]));

/** Those that need somebody first, within that by name. */
export function inOrder(targets: readonly TargetDocument[]): readonly TargetStanding[] {
  const rankOf = ({ standing }: TargetStanding): number => ranks.get(standing) ?? 0;
  return targets
    .map((target) => ({ target, standing: standingOf(target) }))
    .sort((a, b) => rankOf(a) - rankOf(b));
}

export function chosen(
  all: readonly TargetStanding[],
  { name, standing }: Choice,
): readonly TargetStanding[] {
  const part = name.toLowerCase();
  return all.filter(
    (one) =>
      (standing === undefined || one.standing === standing) && one.target.name.toLowerCase().includes(part),
  );
}

export function countsOf(all: readonly TargetStanding[]): ReadonlyMap<Standing, number> {
  const counts = new Map<Standing, number>();
  for (const { standing } of all) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return counts;
}
