// What a caller lacks, as things stand on the server, of what applying its manifests could take. Preflight judges a
// plan; this judges the identity, before there is anything to plan.

import type { AccessIndex } from "../access/lookup.ts";
import type { AuthId } from "../model/ids.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { lackingOf, wordNeed, type Lack, type Standing } from "./lacks.ts";
import type { Need } from "./needs.ts";
import type { Purpose } from "./purposes.ts";
import { standingAt } from "./standing.ts";

export interface Unmet {
  readonly lack: Lack;
  /** What it is for. Sorted. */
  readonly because: readonly string[];
}

export interface Looking {
  readonly caller: AuthId;
  readonly index: AccessIndex;
  /** The server's release. */
  readonly version: string;
  readonly nowSeconds: number;
}

/** The caller as it stands now. */
export function standingOf({ caller, index, version, nowSeconds }: Looking): Standing {
  return standingAt(index, nowSeconds, caller, { version });
}

export function unmetPurposes(purposes: readonly Purpose[], looking: Looking): readonly Unmet[] {
  const standing = standingOf(looking);
  const paths = sortedSet(looking.index.state.acl.map(({ path }) => path));
  const meets = (need: Need): boolean => isMet(need, standing, paths);
  const unmet = new Map<Lack, Set<string>>();
  for (const { demand, because } of purposes) {
    for (const need of lackingOf(demand, meets)) {
      getOrAdd(unmet, wordNeed(need), () => new Set<string>()).add(because);
    }
  }
  return sortedBy(unmet, ([lack]) => lack).map(([lack, because]) => ({ lack, because: sortedSet(because) }));
}

/** What is needed below a path can be taken away by any entry there, on its own path or on what it passes on to. */
function isMet(need: Need, { has }: Standing, paths: readonly string[]): boolean {
  if (!has(need)) return false;
  if (!need.propagate) return true;
  const above = need.path === "/" ? "/" : `${need.path}/`;
  return paths
    .filter((path) => path !== need.path && path.startsWith(above))
    .every((path) => [path, `${path}/any`].every((place) => has({ ...need, path: place, propagate: false })));
}
