import { pauseGroup } from "../model/pause.ts";
import type { Finding, Plan } from "../plan/plan.ts";

/** `paused`: somebody has stopped everything on this target. What only looks is told so, and goes on. */
export function findPause(
  { before, operations }: Plan,
  whenWriting: Finding["severity"],
): readonly Finding[] {
  if (![...before.groups.keys()].some((id) => id === pauseGroup)) return [];
  return [
    {
      severity: operations.length === 0 ? "warning" : whenWriting,
      code: "paused",
      message:
        `the group ${pauseGroup} exists on the target, so nothing is written to it: ` +
        "delete the group, or let this run do it with --approve paused",
      changes: [],
    },
  ];
}
