// Where pools can give a profile more than its entries do.

import type { AclPath } from "../model/ids.ts";
import type { AccessIndex } from "./lookup.ts";
import { root } from "./nodes.ts";
import { standingAt } from "./profile.ts";
import type { Profile } from "./standing.ts";

/** Whether an entry there can count for a pool. */
function isAbovePooled(path: AclPath): boolean {
  return path === root || path === "/pool" || path.startsWith("/pool/");
}

/** The members of these pools at which something stands for the profile that does not stand at the member itself. */
export function pooledPaths(
  { places }: AccessIndex,
  profile: Profile,
  pools: AccessIndex["pools"],
): readonly AclPath[] {
  if (![...profile.keys()].some(isAbovePooled)) return [];
  const paths: AclPath[] = [];
  for (const { nodes, members } of pools) {
    const ofPool = standingAt(profile, nodes);
    if (ofPool === undefined) continue;
    for (const member of members) {
      if (standingAt(profile, places.get(member)?.nodes ?? []) !== ofPool) paths.push(member);
    }
  }
  return paths;
}
