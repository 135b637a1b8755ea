// A plan on a copy of a target's files: nothing is opened, so nothing can be asked or written.

import type { LiveState } from "../model/live-state.ts";
import type { AuthId } from "../model/ids.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Environment } from "../secrets/source.ts";
import type { Clock } from "../support/clock.ts";
import { planned, type PassOptions } from "./observe.ts";
import { callersOf, stationsFor, unnamedCaller, type Bearings } from "./open.ts";
import type { TargetReport } from "./report.ts";

/** What a copy of a server tells of it. */
export interface CopiedState extends Pick<LiveState, "version" | "state" | "supportedPrivileges"> {
  /** Of what, and what had to be taken for granted; part of the report. */
  readonly basis: string;
}

export interface OfflineSurroundings {
  readonly environment: Environment;
  readonly allowExec: boolean;
  readonly clock: Pick<Clock, "now">;
  /** Who is judged, in place of the identity of `credentials`. */
  readonly caller?: AuthId;
}

/** Guards and policies are the same as on a server, and so is what refuses. */
export function planOffline(
  desired: DesiredOverTime,
  { basis, ...copied }: CopiedState,
  { environment, allowExec, clock, caller: override }: OfflineSurroundings,
  options: PassOptions,
): TargetReport {
  const { name, product } = desired.target;
  const stations = stationsFor(product);
  const named = callersOf(desired, stations, environment);
  const caller = override ?? named.applies;
  if (caller === undefined) return { name, product, ...unnamedCaller() };
  const callers = [...new Set([caller, ...named.all])];
  const live: LiveState = { ...copied, caller, callerPermissions: new Map(), incomplete: [] };
  const bearings: Bearings = { purpose: "plan", clock, allowExec, desired, stations, caller, callers };
  return { ...planned(bearings, live, options), basis };
}
