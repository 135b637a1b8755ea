// A sync of one realm: looked at, confirmed, started, and its log followed to its end. No plan is made: what the directory
// holds only the server knows.

import type { AuditLog } from "../apply/audit.ts";
import { startSync, type SyncRequest } from "../apply/start-sync.ts";
import { isPassing, mostLines, readTaskEnd, readTaskLog, taskFrom, type TaskId } from "../live/pve-tasks.ts";
import type { LiveState } from "../model/live-state.ts";
import { pauseGroup } from "../model/pause.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { observe } from "./observe.ts";
import type { Opened } from "./open.ts";

export interface SyncSupervision {
  /** Asked before anything is started, with what it may take away; not of a dry run. */
  readonly confirm: (remarks: readonly string[]) => Promise<boolean>;
  readonly onLine: (line: string) => void;
  readonly audit: AuditLog;
  /** How long the task is followed. */
  readonly limitMs: number;
}

export type SyncEnd =
  | { readonly kind: "ended"; readonly task: string; readonly exit: string }
  /** It was started, or may have been, and nobody saw how it ended. */
  | { readonly kind: "unseen"; readonly error: string }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "failed"; readonly error: string };

const pollMs = 1000;

export async function syncPass(
  opened: Opened,
  request: SyncRequest,
  supervision: SyncSupervision,
  signal: AbortSignal,
): Promise<SyncEnd> {
  const live = await observe(opened, signal);
  if ("status" in live) return { kind: "failed", error: live.error.message };
  const objection = objectionTo(opened, request, live);
  if (objection !== undefined) return objection;
  if (!request.isDry && !(await supervision.confirm(remarksOn(request, live))))
    return { kind: "refused", error: "not confirmed: nothing was started" };
  const { connected, desired, clock } = opened;
  const started = await startSync(request, {
    write: connected.write,
    target: desired.target.name,
    caller: connected.caller,
    audit: supervision.audit,
    clock,
  });
  if (!started.ok) {
    const { lost, error } = started;
    return lost ? unseen(`it may have been started: ${error}`) : { kind: "failed", error };
  }
  const task = taskFrom(started.answer);
  if (task === undefined) return unseen("it was started, and the answer does not name its task");
  return await follow(opened, task, supervision, signal);
}

function unseen(error: string): SyncEnd {
  return { kind: "unseen", error };
}

function objectionTo(
  { stations }: Opened,
  { realm, isDry }: SyncRequest,
  { state }: LiveState,
): SyncEnd | undefined {
  const type = state.realms.get(realm)?.type;
  const { synchronised } = stations.product.realms;
  if (type === undefined) {
    const known = [...state.realms.values()].filter((one) => synchronised.includes(one.type));
    const names = known.map(({ id }) => id).join(", ");
    const hint = names === "" ? "it has none to sync" : `it can sync ${names}`;
    return { kind: "failed", error: `there is no realm ${realm} on the server: ${hint}` };
  }
  if (!synchronised.includes(type)) {
    const error = `realm ${realm} is of type ${type || "none that the server can read"}, and only ${synchronised.join(" and ")} have a directory to fetch users from`;
    return { kind: "failed", error };
  }
  const isPaused = [...state.groups.keys()].some((id) => id === pauseGroup);
  return isPaused && !isDry
    ? {
        kind: "refused",
        error: `the group ${pauseGroup} exists on the target, so nothing is started: delete it`,
      }
    : undefined;
}

/** What hangs on who is fetched, for whoever is asked. */
function remarksOn({ realm, removeVanished }: SyncRequest, { state }: LiveState): readonly string[] {
  const users = [...state.users.keys()].filter((id) => id.endsWith(`@${realm}`)).length;
  const entries = state.acl.filter(({ subject }) =>
    subject.kind === "group" ? subject.id.endsWith(`-${realm}`) : subject.id.includes(`@${realm}`),
  ).length;
  const removes = removeVanished ?? "what the realm's own defaults say";
  return [
    `${users} users and ${entries} ACL entries of realm ${realm} are on the server`,
    `of those that the directory no longer has goes: ${removes}`,
  ];
}

async function follow(
  { connected, clock }: Opened,
  task: TaskId,
  { onLine, limitMs }: SyncSupervision,
  signal: AbortSignal,
): Promise<SyncEnd> {
  const end = clock.now() + limitMs;
  let lines = 0;
  const show = async (): Promise<void> => {
    for (let more = true; more;) {
      const next = await readTaskLog(connected.read, task, lines, signal);
      for (const line of next) onLine(line);
      lines += next.length;
      more = next.length >= mostLines && clock.now() < end;
    }
  };
  while (clock.now() < end) {
    try {
      // What it says after this is read below: its end is asked for first.
      const exit = await readTaskEnd(connected.read, task, signal);
      await show();
      if (exit !== undefined) return { kind: "ended", task: task.upid, exit };
      await clock.sleep(pollMs, signal);
    } catch (error) {
      if (signal.aborted) return unseen(`interrupted; the task goes on: ${task.upid}`);
      if (!(error instanceof ApiError)) throw error;
      if (!isPassing(error)) return unseen(`its task ${task.upid} can't be looked at: ${error.message}`);
      await clock.sleep(pollMs, signal).catch(() => undefined);
    }
  }
  return unseen(`it still runs: ${task.upid}`);
}
