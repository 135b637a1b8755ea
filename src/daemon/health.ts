import { countOf } from "../render/count.ts";
import type { DaemonState } from "./status.ts";

export interface Verdict {
  readonly isWell: boolean;
  /** One sentence for who looks. */
  readonly words: string;
}

/** Six times the longest regular wait between two looks. */
const longestSilenceMs = 60_000;

/** Whether the loop turns: a restart would mend what this says is broken. */
export function healthOf({ lookout, nowMs }: DaemonState): Verdict {
  const silentMs = nowMs - lookout.lookedMs;
  if (silentMs <= longestSilenceMs) return { isWell: true, words: "ok" };
  const seconds = Math.round(silentMs / 1000);
  return { isWell: false, words: `the manifests were last looked at ${seconds} s ago: reading them hangs` };
}

/** Whether a first pass of every target is done, however it ended. */
export function readinessOf({ manifests, targets }: DaemonState): Verdict {
  if (manifests.inForce === undefined)
    return { isWell: false, words: "no valid manifests have been accepted yet" };
  const open = targets.filter(({ isReady }) => !isReady).length;
  if (open === 0) return { isWell: true, words: "ok" };
  return {
    isWell: false,
    words: `${open} of ${countOf(targets.length, "target")} ${open === 1 ? "waits" : "wait"} for the end of a first pass`,
  };
}
