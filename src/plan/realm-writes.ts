// From the differences of realms to writes: one to the realm, one to the job that fetches its users.

import type { Realm, RealmOptions, Setting, SyncJob } from "../model/access-state.ts";
import type { Difference } from "./difference.ts";
import type { Operation } from "./plan.ts";

type RealmDifference = Extract<Difference, { kind: "Realm" }> & { readonly index: number };

interface RealmWrites {
  /** Realms and jobs that are there afterwards. */
  readonly sets: readonly Operation[];
  readonly deletes: readonly Operation[];
}

export function realmWrites(realms: readonly RealmDifference[]): RealmWrites {
  // The server takes the mark from one realm when another one gets it: one write, both changes.
  const unmarked = realms.filter(losesDefault).map(({ index }) => index);
  const isTakenAlong = realms.some(gainsDefault);
  const sets = realms.flatMap((realm) => {
    if (!realm.after) return [];
    const changes = gainsDefault(realm) ? [realm.index, ...unmarked].sort((a, b) => a - b) : [realm.index];
    return [...settingWrites(realm, changes, isTakenAlong), ...jobWrites(realm)];
  });
  return { sets, deletes: realms.flatMap(deleteWrites) };
}

function gainsDefault({ before, after }: RealmDifference): boolean {
  return after?.isDefault === true && before?.isDefault !== true;
}

function losesDefault({ before, after }: RealmDifference): boolean {
  return before?.isDefault === true && after !== undefined && after.isDefault !== true;
}

function settingWrites(
  realm: RealmDifference,
  changes: readonly number[],
  isTakenAlong: boolean,
): readonly Operation[] {
  const { before, after, secrets = {}, checksConnection } = realm;
  if (!after) return [];
  const checked = checksConnection ? { checksConnection } : {};
  if (!before) return [{ kind: "create-realm", realm: after, secrets, ...checked, changes }];
  const [had, has] = [settingsOf(before), settingsOf(after)];
  const set = Object.fromEntries(Object.entries(has).filter(([name, value]) => had[name] !== value));
  const remove = Object.keys(had).filter(
    (name) => !Object.hasOwn(has, name) && !(name === "default" && isTakenAlong),
  );
  if (Object.keys(set).length + remove.length + Object.keys(secrets).length === 0) return [];
  const expected = before.options ?? {};
  const { id, type } = after;
  return [{ kind: "update-realm", id, type, expected, set, remove, secrets, ...checked, changes }];
}

/** All that one write sets, by the names of the wire. */
export function settingsOf({ comment, isDefault, options }: Realm): Readonly<Record<string, Setting>> {
  return {
    ...options,
    ...(comment !== "" && { comment }),
    ...(isDefault && { default: true }),
  } satisfies RealmOptions;
}

function jobWrites({ before, after, index }: RealmDifference): readonly Operation[] {
  if (!after) return [];
  const had = new Map((before?.syncJobs ?? []).map((job) => [job.id, job]));
  const changes = [index];
  const kept = (after.syncJobs ?? []).flatMap((job): readonly Operation[] => {
    const live = had.get(job.id);
    if (live === undefined) return [{ kind: "create-sync-job", realm: after.id, job, changes }];
    return isSameJob(live, job) ? [] : [{ kind: "update-sync-job", realm: after.id, job, changes }];
  });
  return [...kept, ...goneJobs({ ...(before && { before }), after, index })];
}

function goneJobs({
  before,
  after,
  index,
}: Pick<RealmDifference, "before" | "after" | "index">): readonly Operation[] {
  if (before?.syncJobs === undefined) return [];
  const stays = new Set(after?.syncJobs?.map(({ id }) => id));
  return before.syncJobs
    .filter(({ id }) => !stays.has(id))
    .map(({ id }): Operation => ({ kind: "delete-sync-job", realm: before.id, id, changes: [index] }));
}

export function isSameJob(one: SyncJob, other: SyncJob): boolean {
  return (
    one.schedule === other.schedule &&
    one.scope === other.scope &&
    one.removeVanished === other.removeVanished &&
    one.enabled === other.enabled &&
    one.enableNew === other.enableNew &&
    one.comment === other.comment
  );
}

function deleteWrites(realm: RealmDifference): readonly Operation[] {
  const { before, after, index } = realm;
  if (!before || after) return [];
  return [...goneJobs(realm), { kind: "delete-realm", id: before.id, changes: [index] }];
}
