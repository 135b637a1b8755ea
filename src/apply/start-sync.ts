// One write beside all plans: it starts a task on the server, which fetches users and groups from a directory.

import type { RealmId } from "../model/ids.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { WriteClient } from "../proxmox/write.ts";
import type { Clock } from "../support/clock.ts";
import { Auditor, type AuditLog, type AuditRequest } from "./audit.ts";
import { isLost, wordsOf } from "./result.ts";

/** What is left out is as the realm's own defaults say. */
export interface SyncRequest {
  readonly realm: RealmId;
  /** The server only says what it would do. */
  readonly isDry: boolean;
  readonly scope?: string;
  readonly removeVanished?: string;
}

export interface SyncDoors {
  readonly write: WriteClient;
  readonly target: string;
  readonly caller: string;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

export type Started =
  | { readonly ok: true; readonly answer: unknown }
  /** lost: it may have been started all the same. */
  | { readonly ok: false; readonly lost: boolean; readonly error: string };

/** A write in flight is always finished. */
const uninterrupted = new AbortController().signal;

export async function startSync(request: SyncRequest, doors: SyncDoors): Promise<Started> {
  const auditor = new Auditor({ target: doors.target, caller: doors.caller, changes: [] }, doors);
  const sent = requestFor(request);
  const conclude = await auditor.begin({ changes: [] }, sent);
  const problem = auditor.problem();
  if (problem !== undefined) return { ok: false, lost: false, error: `${problem}, so nothing is sent` };
  try {
    const answer = await doors.write.send({ ...sent, parameters: parametersOf(request) }, uninterrupted);
    await conclude({ status: "done" });
    return { ok: true, answer };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const lost = isLost(error);
    await conclude({ status: lost ? "lost" : "failed", error: wordsOf(error) });
    return { ok: false, lost, error: wordsOf(error) };
  }
}

function requestFor(request: SyncRequest): AuditRequest {
  const path = `/access/domains/${encodeURIComponent(request.realm)}/sync`;
  return { method: "POST", path, parameters: parametersOf(request) };
}

function parametersOf({ isDry, scope, removeVanished }: SyncRequest): Readonly<Record<string, string>> {
  return {
    ...(scope !== undefined && { scope }),
    ...(removeVanished !== undefined && { "remove-vanished": removeVanished }),
    ...(isDry && { "dry-run": "1" }),
  };
}
