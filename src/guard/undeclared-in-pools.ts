// Guests and storages that are in a pool by nobody's manifest: a declared entry at the pool gives somebody on them what
// can grant more.

import { nodesOf, root } from "../access/nodes.ts";
import type { AclEntry } from "../model/access-state.ts";
import type { AclPath, AuthId } from "../model/ids.ts";
import { pathOfPool, pathsOfMembers } from "../model/pool-paths.ts";
import { givenOn, holdersOf, wordChain } from "./dangerous-entries.ts";
import type { Declared } from "./declared.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** One chain a pool and entry. What an undeclared entry gives is told of the entry. */
export function poolMembersAlone(
  evidence: Evidence,
  entries: readonly AclEntry[],
  declared: Declared,
): readonly string[] {
  return [...evidence.after.state.pools.values()].flatMap(({ id, members }) => {
    const pool = pathOfPool(id);
    const alone = (members ? pathsOfMembers(members) : []).filter((path) => !declared.hasInPool(id, path));
    const nodes = alone.length === 0 ? [] : nodesOf(pool).filter((node) => node !== root);
    return entries
      .filter((entry) => nodes.includes(entry.path) && declared.hasEntry(entry))
      .flatMap((entry) => chainOfPool(evidence, entry, { pool, alone }));
  });
}

function chainOfPool(
  evidence: Evidence,
  entry: AclEntry,
  { pool, alone }: { readonly pool: AclPath; readonly alone: readonly AclPath[] },
): readonly string[] {
  for (const id of holdersOf(evidence, entry)) {
    const reached = alone.filter((path) => givenOnMember(path, evidence, { id, entry }).length > 0);
    const [first] = reached;
    if (first === undefined) continue;
    const given = givenOnMember(first, evidence, { id, entry });
    const are = reached.length === 1 ? "is" : "are";
    return [`${wordNames(reached)} ${are} in ${pool}; ${wordChain(entry)} (${given.join(", ")})`];
  }
  return [];
}

/** On a storage, privileges over guests are nothing. */
function givenOnMember(
  path: AclPath,
  evidence: Evidence,
  by: { readonly id: AuthId; readonly entry: AclEntry },
): readonly string[] {
  return givenOn(path, evidence, by).filter(
    (privilege) => !(path.startsWith("/storage/") && privilege.startsWith("VM.")),
  );
}
