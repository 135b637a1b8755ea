// Which entries decide on a path: the rules of profile.ts and holder.ts once more, with the entries' names kept, which
// the profiles leave out to be shared. That both agree is a law (test/property/access-explain.test.ts).

import type { AclEntry } from "../model/access-state.ts";
import { subjectKey, type AclPath, type Subject } from "../model/ids.ts";
import type { Party } from "./holder.ts";
import type { AccessIndex, Place } from "./lookup.ts";
import { noAccess, type Profile } from "./standing.ts";

/** An entry that counts on a path: its own or one above it; or one for a pool that what is at the path is in. */
export interface EntryReason {
  readonly kind: "entry";
  readonly entry: AclEntry;
  readonly pool: AclPath | undefined;
}

/** An entry that would count, were it not for others that are nearer, the user's own, or a refusal. */
export interface Replaced {
  readonly reason: EntryReason;
  readonly by: readonly EntryReason[];
}

export interface Decision {
  /** What gives the privileges, or refuses them. */
  readonly deciding: readonly EntryReason[];
  readonly replaced: readonly Replaced[];
}

/** Equal for one entry that counts in one way, whatever its propagate. */
export function reasonKey({ entry: { path, subject, role }, pool }: EntryReason): string {
  return `${path} ${subjectKey(subject)} ${role} ${pool ?? ""}`;
}

export function decide(index: AccessIndex, subject: Party["subject"], { nodes, pools }: Place): Decision {
  const own = layersOf(index, subject);
  const groups = subject.kind === "user" ? (index.groupsOf.get(subject.id) ?? []) : [];
  // At one node, a user's own entries come before those of the groups.
  const tiers = [own, groups.flatMap((id) => layersOf(index, { kind: "group", id }))];
  const entries = decideAlong(tiers, nodes, undefined);
  const ofPools = pools.map((pool) => decideAlong(tiers, pool, pool[0]));
  const pooled = ofPools.flatMap(({ deciding }) => deciding);
  const replaced = [entries, ...ofPools].flatMap((one) => one.replaced);
  if (entries.deciding.some(isRefusal)) {
    return {
      deciding: entries.deciding,
      replaced: [...replaced, ...replacedBy(entries.deciding, pooled)],
    };
  }
  return settle([...entries.deciding, ...pooled], replaced);
}

interface SubjectLayers {
  readonly subject: Subject;
  readonly layers: Profile;
}

function layersOf(index: AccessIndex, subject: Subject): readonly SubjectLayers[] {
  const layers = index.layers.get(subjectKey(subject));
  return layers === undefined ? [] : [{ subject, layers }];
}

function decideAlong(
  tiers: readonly (readonly SubjectLayers[])[],
  nodes: readonly AclPath[],
  pool: AclPath | undefined,
): Decision {
  const found: EntryReason[][] = [];
  for (const [distance, node] of [...new Set(nodes)].entries()) {
    for (const tier of tiers) {
      const reasons = tier.flatMap((holder) => reasonsAt(holder, node, pool));
      found.push(distance === 0 ? reasons : reasons.filter(({ entry }) => entry.propagate));
    }
  }
  const [nearest = [], ...others] = found.filter((reasons) => reasons.length > 0);
  const { deciding, replaced } = settle(nearest, []);
  return { deciding, replaced: [...replaced, ...replacedBy(deciding, others.flat())] };
}

function reasonsAt(
  { subject, layers }: SubjectLayers,
  path: AclPath,
  pool: AclPath | undefined,
): readonly EntryReason[] {
  const given = layers.get(path)?.here?.given;
  if (given === undefined) return [];
  return [...given].map(([role, propagate]) => ({
    kind: "entry",
    entry: { path, subject, role, propagate },
    pool,
  }));
}

/** NoAccess beats all other roles beside it. */
function settle(reasons: readonly EntryReason[], replaced: readonly Replaced[]): Decision {
  const refusals = reasons.filter(isRefusal);
  if (refusals.length === 0) return { deciding: reasons, replaced };
  const beaten = reasons.filter((reason) => !isRefusal(reason));
  return { deciding: refusals, replaced: [...replacedBy(refusals, beaten), ...replaced] };
}

function replacedBy(by: readonly EntryReason[], reasons: readonly EntryReason[]): readonly Replaced[] {
  return reasons.map((reason) => ({ reason, by }));
}

function isRefusal({ entry }: EntryReason): boolean {
  return entry.role === noAccess;
}
