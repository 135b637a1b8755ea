// A pass that only plans. It stands by itself, so that a plan need not load what writes, nor the sinks of secrets.

import { ended, observe, planned, type PassOptions } from "./observe.ts";
import type { Opened } from "./open.ts";
import type { TargetReport } from "./report.ts";

/** Read, plan, guard. */
export async function planPass(
  opened: Opened,
  options: PassOptions,
  signal: AbortSignal,
): Promise<TargetReport> {
  const live = await observe(opened, signal);
  return "status" in live ? ended(opened, live) : planned(opened, live, options);
}
