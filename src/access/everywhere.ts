// What somebody may do, said once for a path and all below it, and again only where it becomes something else.

import type { AclPath, AuthId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { reasonKey } from "./decision.ts";
import { explain, type Explanation, type Reason } from "./explain.ts";
import { freshPathBelow, type AccessIndex } from "./lookup.ts";

/** The flag of a privilege does not tell what holds below where an entry ends at its path: so both are asked. */
export interface Statement {
  readonly path: string;
  readonly extent: "here-and-below" | "here" | "below";
  readonly explanation: Explanation;
}

/** In the order of paths; what no statement speaks of is as the nearest one above it says. */
export function explainEverywhere(index: AccessIndex, id: AuthId): readonly Statement[] {
  const passedOn = new Map<AclPath, string>();
  const places = sortedBy(index.places, ([path]) => path);
  return places.flatMap(([path, { nodes }]) => {
    const parent = nodes[1];
    const inherited = (parent === undefined ? undefined : passedOn.get(parent)) ?? nothing;
    const here = explain(index, id, path);
    const below = explain(index, id, freshPathBelow(path));
    passedOn.set(path, contentOf(below));
    return statementsFor(here, below, inherited);
  });
}

/** Of one path, whatever is said of those above it. */
export function explainAt(index: AccessIndex, id: AuthId, path: AclPath): readonly Statement[] {
  return statementsFor(explain(index, id, path), explain(index, id, freshPathBelow(path)), undefined);
}

/** Every path that the server looks at and where something is held, or would be. */
export function explainPlaces(index: AccessIndex, id: AuthId): readonly Explanation[] {
  const paths = sortedBy(index.places.keys(), (path) => path);
  return paths.map((path) => explain(index, id, path)).filter((one) => contentOf(one) !== nothing);
}

function statementsFor(here: Explanation, below: Explanation, inherited: string | undefined): Statement[] {
  const [onPath, underPath] = [contentOf(here), contentOf(below)];
  const { path } = here;
  if (onPath === underPath) {
    return onPath === inherited ? [] : [{ path, extent: "here-and-below", explanation: here }];
  }
  return [
    ...(onPath === inherited ? [] : [{ path, extent: "here", explanation: here } as const]),
    ...(underPath === inherited ? [] : [{ path, extent: "below", explanation: below } as const]),
  ];
}

const nothing = JSON.stringify([[], [], []]);

/** Equal where the same is held and refused for the same reasons. */
function contentOf({ privileges, cut, replaced }: Explanation): string {
  return JSON.stringify([
    [...privileges].map(([name, { because }]) => [name, because.map(keyOf)]),
    cut.filter(({ extent }) => extent === "here").map(({ privilege, lackedBy }) => [privilege, lackedBy]),
    replaced.map(({ reason, by }) => [keyOf(reason), by.map(keyOf)]),
  ]);
}

function keyOf(reason: Reason): string {
  return reason.kind === "superuser" ? reason.id : reasonKey(reason);
}
