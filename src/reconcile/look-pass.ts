import { heldByTokens, type SinkLook } from "../apply/held.ts";
import { desiredAt } from "../desired/at-instant.ts";
import type { LiveState } from "../model/live-state.ts";
import type { HeldByToken } from "../model/sink-state.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { sinkReader } from "./doors.ts";
import { ended, observe, planned, type PassOptions } from "./observe.ts";
import { endedBy, type Ended, type Opened, type Surroundings } from "./open.ts";
import type { TargetReport } from "./report.ts";

/** Read, look into the sinks, plan, guard: what they don't hold is told, and nothing is done about it. */
export async function lookPass(
  opened: Opened,
  options: PassOptions & { readonly look: SinkLook },
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<TargetReport> {
  const live = await observe(opened, signal);
  if ("status" in live) return ended(opened, live);
  const held = await lookIntoSinks(opened, { live, look: options.look }, surroundings, signal);
  if ("status" in held) return ended(opened, held);
  const found = { notInSink: new Set<never>(), refusedPasswords: new Set<never>(), held: held.held };
  return planned(opened, live, { ...options, found });
}

async function lookIntoSinks(
  opened: Opened,
  { live, look }: { readonly live: LiveState; readonly look: SinkLook },
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<{ readonly held: HeldByToken } | Ended> {
  const nowSeconds = Math.floor(opened.clock.now() / 1000);
  const desired = desiredAt(opened.desired, nowSeconds);
  const reader = sinkReader(opened, surroundings);
  try {
    return { held: await heldByTokens({ desired, live, nowSeconds, look, only: undefined }, reader, signal) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return endedBy(error);
  }
}
