// What became of a task, and what it said. GET /nodes/{node}/tasks/{upid}/status and /log.

import { ApiError } from "../proxmox/api-error.ts";
import type { ReadClient } from "../proxmox/read.ts";
import { answerOf, fieldOf, listOf, requiredField, textOf } from "./decode.ts";

/** A task as the server names it: `UPID:NODE:…`. */
export interface TaskId {
  readonly upid: string;
  readonly node: string;
}

/** Of the `data` of the answer that started it; undefined where that is none. */
export function taskFrom(answer: unknown): TaskId | undefined {
  if (typeof answer !== "string") return undefined;
  const node = /^UPID:([A-Za-z0-9][A-Za-z0-9-]*):[\w@.!:+%-]+$/u.exec(answer)?.[1];
  return node === undefined ? undefined : { upid: answer, node };
}

/** As much of a log as one request brings. */
export const mostLines = 500;

/** What the log has from a line on, counted from 0. */
export async function readTaskLog(
  client: ReadClient,
  task: TaskId,
  start: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = `${pathOf(task)}/log`;
  const query = { start: String(start), limit: String(mostLines) };
  const rows = listOf(answerOf(path, await client.get(path, query, signal)));
  // Of a log that is still empty the server says so in a row of its own, wherever it is read from.
  return rows
    .filter((row) => !(textOf(fieldOf(row, "t")) === "no content" && rows.length === 1))
    .map((row) => textOf(fieldOf(row, "t")));
}

/** How it ended, `OK` where it worked; undefined while it runs. */
export async function readTaskEnd(
  client: ReadClient,
  task: TaskId,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `${pathOf(task)}/status`;
  const answer = answerOf(path, await client.get(path, {}, signal));
  if (textOf(requiredField(answer, "status")) === "running") return undefined;
  return textOf(fieldOf(answer, "exitstatus")) || "unknown";
}

function pathOf({ node, upid }: TaskId): string {
  return `/nodes/${node}/tasks/${encodeURIComponent(upid)}`;
}

/** Whether asking again may help: the line was down for a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.kind === "unreachable" || error.kind === "ambiguous");
}
