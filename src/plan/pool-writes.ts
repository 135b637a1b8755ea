// The differences of pools → writes: the pools that are new, and what the members of all become. Deletes are those of
// operations.ts: what goes along with them is told there.

import type { PoolMembers } from "../model/access-state.ts";
import type { PoolId } from "../model/ids.ts";
import type { PoolFeatures } from "../model/pool-features.ts";
import type { Difference } from "./diff.ts";
import type { MembersWrite, MovedGuest, Operation } from "./plan.ts";

type PoolDifference = Extract<Difference, { kind: "Pool" }> & { readonly index: number };

interface PoolWrites {
  readonly creates: readonly Operation[];
  /** A pool's comment travels with its members. */
  readonly updates: readonly Operation[];
}

/** At most one write that puts in and one that takes out for a pool; a guest that moves does so with the former. */
export function poolWrites(differences: readonly PoolDifference[], features: PoolFeatures): PoolWrites {
  const frame = frameOf(differences, features);
  return {
    creates: differences.flatMap(({ before, after, index }) =>
      before || !after
        ? []
        : [{ kind: "create-pool", pool: { id: after.id, comment: after.comment }, changes: [index] }],
    ),
    updates: differences.flatMap((difference) => updatesFor(difference, frame)),
  };
}

/** What the server can do; where each guest that leaves a pool leaves, and which come into another one. */
interface Frame {
  readonly features: PoolFeatures;
  readonly leaves: ReadonlyMap<number, { readonly from: PoolId; readonly index: number }>;
  readonly comes: ReadonlySet<number>;
}

function frameOf(differences: readonly PoolDifference[], features: PoolFeatures): Frame {
  const leaves = new Map<number, { from: PoolId; index: number }>();
  const comes = new Set<number>();
  for (const { before, after, index } of differences) {
    const [was, is] = [before?.members?.vms ?? [], after?.members?.vms ?? []];
    for (const vm of was) if (before && !is.includes(vm)) leaves.set(vm, { from: before.id, index });
    for (const vm of is) if (!was.includes(vm)) comes.add(vm);
  }
  return { features, leaves, comes };
}

function updatesFor(difference: PoolDifference, frame: Frame): readonly Operation[] {
  const { before, after, index } = difference;
  const id = after?.id ?? before?.id;
  if (id === undefined) return [];
  const update = { kind: "update-pool", id, features: frame.features } as const;
  const isCommented = before !== undefined && after !== undefined && before.comment !== after.comment;
  const members = [...putsIn(difference, frame), ...takesOut(difference, frame)];
  const [first, ...others] = members.map((one) => ({
    ...update,
    members: one,
    changes: changesOf(one, index, frame),
  }));
  const comment = isCommented ? { comment: after.comment } : {};
  if (first) return [{ ...first, ...comment }, ...others];
  return isCommented ? [{ ...update, ...comment, changes: [index] }] : [];
}

function putsIn({ before, after }: PoolDifference, { features, leaves }: Frame): readonly MembersWrite[] {
  const incoming = without(after?.members, before?.members);
  if (!isFilled(incoming)) return [];
  const moved = incoming.vms.flatMap((vm): MovedGuest[] => {
    const leave = features.move === undefined ? undefined : leaves.get(vm);
    return leave ? [{ vm, from: leave.from }] : [];
  });
  const taken = new Set(moved.map(({ vm }) => vm));
  return [{ way: "in", ...incoming, vms: incoming.vms.filter((vm) => !taken.has(vm)), moved }];
}

function takesOut({ before, after }: PoolDifference, { features, comes }: Frame): readonly MembersWrite[] {
  const outgoing = without(before?.members, after?.members);
  const vms = outgoing.vms.filter((vm) => features.move === undefined || !comes.has(vm));
  return isFilled({ ...outgoing, vms }) ? [{ way: "out", ...outgoing, vms }] : [];
}

/** A guest that moves is a change of both pools. */
function changesOf(members: MembersWrite, index: number, { leaves }: Frame): readonly number[] {
  const moved = members.way === "in" ? members.moved : [];
  const others = moved.flatMap(({ vm }) => leaves.get(vm)?.index ?? []);
  return [...new Set([index, ...others])].sort((a, b) => a - b);
}

const noMembers: PoolMembers = { vms: [], storages: [] };

function without(members: PoolMembers = noMembers, others: PoolMembers = noMembers): PoolMembers {
  const [vms, storages] = [new Set(others.vms), new Set(others.storages)];
  return {
    vms: members.vms.filter((vm) => !vms.has(vm)),
    storages: members.storages.filter((name) => !storages.has(name)),
  };
}

function isFilled({ vms, storages }: PoolMembers): boolean {
  return vms.length + storages.length > 0;
}
