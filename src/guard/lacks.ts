// What somebody lacks for a write, by the rules of needs.ts.

import { demandsOf, type Deed, type Demand, type Need, type Scene } from "./needs.ts";

/** A privilege on a path, as `Sys.Modify on /access`. */
export type Lack = string;

/** Somebody at one moment of a plan. */
export interface Standing extends Scene {
  readonly has: (need: Need) => boolean;
}

/** What the caller lacks for one write as things stand. */
export function lacksOf(write: Deed, caller: Standing): readonly Lack[] {
  return demandsOf(write, caller)
    .flatMap((demand) => lackingOf(demand, caller.has))
    .map(wordNeed);
}

/** What is missing of the first way where no way is open. */
export function lackingOf({ ways }: Demand, has: (need: Need) => boolean): readonly Need[] {
  if (ways.some((way) => way.every(has))) return [];
  return ways[0].filter((need) => !has(need));
}

export function wordNeed({ privilege, path, propagate }: Need): Lack {
  return `${privilege} on ${path}${propagate ? " and below" : ""}`;
}
