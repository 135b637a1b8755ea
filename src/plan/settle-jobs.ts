// The job that fetches a realm's users by a schedule. A server may have several of one realm: one of them is declared.

import type { Realm, SyncJob } from "../model/access-state.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { isSameJob } from "./realm-writes.ts";
import { changeKey, type Remarks, type Settling } from "./settling.ts";

/** Undefined where nothing is known of jobs: nobody declares one, or a copy of the server's files does not have them. */
export function settleJobs(
  { id, sync, source, places }: DesiredRealm,
  live: Realm | undefined,
  { live: { realms }, desired }: Settling,
  remarks: Remarks,
): readonly SyncJob[] | undefined {
  const jobs = live?.syncJobs ?? [];
  if (sync === undefined || (live !== undefined && live.syncJobs === undefined)) return live?.syncJobs;
  if (sync === "absent") return [];
  const own = jobNameOf(id);
  const [first, ...others] = sortedBy(jobs, (job) => (job.id === own ? "" : job.id));
  if (others.length > 0) {
    remarks.notes.push({
      severity: "warning",
      code: "sync-jobs-several",
      message: `realm ${id} has jobs beside the declared one (${first?.id ?? own}), which are left alone: ${others.map((job) => job.id).join(", ")}`,
      source: places.get("sync") ?? source,
      about: [changeKey("Realm", id)],
      count: others.length,
    });
  }
  const taken = new Set([...realms.values()].flatMap(({ syncJobs = [] }) => syncJobs.map((job) => job.id)));
  // Names that differ by their dots alone are one as a job's: each takes the next free one, in order.
  for (const other of desired.realms.keys())
    if (other < id && jobNameOf(other) === own) taken.add(freeName(own, taken));
  const { comment, enableNew = first?.enableNew, ...rest } = sync;
  const job: SyncJob = {
    id: first?.id ?? freeName(own, taken),
    ...rest,
    ...(enableNew !== undefined && { enableNew }),
    comment: comment ?? first?.comment ?? "",
  };
  const kept = first !== undefined && isSameJob(first, job) ? first : job;
  return sortedBy([kept, ...others], (one) => one.id);
}

/** The server's jobs take no dots in their names. */
function jobNameOf(realm: RealmId): string {
  return `realm-sync-${realm.replaceAll(".", "-")}`;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; taken.has(name); number++) name = `${name.replace(/_\d+$/u, "")}_${number}`;
  return name;
}
