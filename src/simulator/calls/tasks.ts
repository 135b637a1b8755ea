// /nodes/{node}/tasks: what became of a task, and its log. All tasks here end before anybody asks.

import { pve } from "../../model/pve.ts";
import type { Host, Task } from "../host.ts";
import type { Json } from "../json.ts";
import { requireAll } from "../privileges.ts";
import { failure } from "../refusal.ts";
import type { ParameterSchema } from "../parameters/schema.ts";
import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";

const text: ParameterSchema = { type: "string" };
const count: ParameterSchema = { type: "integer", optional: true, minimum: 0 };
const named = { node: text, upid: text };

export const taskEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/status",
    permission: { kind: "all" },
    parameters: named,
    run: readStatus,
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/log",
    permission: { kind: "all" },
    parameters: { ...named, start: count, limit: count },
    run: readLog,
  },
];

/** Starts one that has ended by the time that this returns; gives its id. */
export function runTask(
  host: Host,
  {
    type,
    id,
    user,
    work,
  }: {
    readonly type: string;
    readonly id: string;
    readonly user: string;
    readonly work: (print: (line: string) => void) => void;
  },
): string {
  const started = Math.floor(host.now() / 1000);
  const number = (host.tasks.size + 1).toString(16).toUpperCase().padStart(8, "0");
  const stamp = started.toString(16).toUpperCase().padStart(8, "0");
  const upid = `UPID:vm:${number}:00000001:${stamp}:${type}:${id}:${user}:`;
  const log: string[] = [];
  const exitstatus = endOf(work, log);
  log.push(exitstatus === "OK" ? "TASK OK" : `TASK ERROR: ${exitstatus}`);
  host.tasks.set(upid, { type, id, user, started, log, exitstatus });
  return upid;
}

function endOf(work: (print: (line: string) => void) => void, log: string[]): string {
  try {
    work((line) => void log.push(line));
    return "OK";
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** One's own, or all with Sys.Audit on the node. */
function taskOf(call: Call): Task {
  const { host, parameters } = call;
  const upid = required(parameters, "upid");
  const task = host.tasks.get(upid);
  if (task === undefined) throw failure("unable to parse worker upid");
  const caller = callerOf(call);
  if (caller !== task.user && caller !== pve.superuser)
    requireAll(host, caller, { path: `/nodes/${required(parameters, "node")}`, privileges: ["Sys.Audit"] });
  return task;
}

function readStatus(call: Call): Json {
  const { type, id, user, started, exitstatus } = taskOf(call);
  const { parameters } = call;
  const upid = required(parameters, "upid");
  return {
    upid,
    node: required(parameters, "node"),
    type,
    id,
    user,
    starttime: started,
    status: "stopped",
    exitstatus,
  };
}

function readLog(call: Call): Json {
  const { log } = taskOf(call);
  const start = Number(call.parameters.get("start") ?? 0);
  const limit = Number(call.parameters.get("limit") ?? 50);
  const lines = log.map((line, index) => ({ n: index + 1, t: line }));
  return limit === 0 ? lines.slice(start) : lines.slice(start, start + limit);
}
