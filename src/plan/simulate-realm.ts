// In: an access state and one write to a realm or its job. Out: the access state that the server has afterwards.

import type { AccessState, Realm, SyncJob } from "../model/access-state.ts";
import type { RealmId } from "../model/ids.ts";
import { mapValues } from "../support/maps.ts";
import { sortedBy } from "../support/compare.ts";
import type { RealmWrite } from "./plan.ts";
import { settingsOf } from "./realm-writes.ts";

export function applyRealmWrite(state: AccessState, write: RealmWrite): AccessState {
  const { realms } = state;
  switch (write.kind) {
    case "create-realm": {
      const { syncJobs, ...made } = write.realm;
      // Its job is a write of its own.
      const realm: Realm = syncJobs === undefined ? made : { ...made, syncJobs: [] };
      return withRealm(withoutDefault(state, realm.isDefault === true), realm);
    }
    case "update-realm": {
      const live = realms.get(write.id);
      if (live === undefined) return state;
      const next = withoutDefault(state, write.set["default"] === true);
      return withRealm(next, updated(next.realms.get(write.id) ?? live, write));
    }
    case "delete-realm":
      return { ...state, realms: new Map([...realms].filter(([id]) => id !== write.id)) };
    case "create-sync-job":
    case "update-sync-job":
      return withJobs(state, write.realm, (jobs) => [
        ...jobs.filter(({ id }) => id !== write.job.id),
        write.job,
      ]);
    case "delete-sync-job":
      return withJobs(state, write.realm, (jobs) => jobs.filter(({ id }) => id !== write.id));
  }
}

function withRealm(state: AccessState, realm: Realm): AccessState {
  return { ...state, realms: new Map(state.realms).set(realm.id, realm) };
}

/** One realm at most is the default: whichever was told so last. */
function withoutDefault(state: AccessState, isMoved: boolean): AccessState {
  if (!isMoved) return state;
  const realms = mapValues(state.realms, (realm): Realm => {
    const { isDefault, ...rest } = realm;
    return isDefault === undefined ? realm : rest;
  });
  return { ...state, realms };
}

function updated(realm: Realm, { set, remove }: Extract<RealmWrite, { kind: "update-realm" }>): Realm {
  const kept = Object.entries(settingsOf(realm)).filter(([name]) => !remove.includes(name));
  const { comment = "", default: isDefault, ...options } = { ...Object.fromEntries(kept), ...set };
  const { id, type, syncJobs } = realm;
  return {
    id,
    type,
    comment: String(comment),
    ...(isDefault === true && { isDefault }),
    ...(realm.options && {
      options: Object.fromEntries(sortedBy(Object.entries(options), ([name]) => name)),
    }),
    ...(syncJobs && { syncJobs }),
  };
}

function withJobs(
  state: AccessState,
  id: RealmId,
  change: (jobs: readonly SyncJob[]) => readonly SyncJob[],
): AccessState {
  const realm = state.realms.get(id);
  if (realm === undefined) return state;
  const syncJobs = sortedBy(change(realm.syncJobs ?? []), (job) => job.id);
  return withRealm(state, { ...realm, syncJobs });
}
