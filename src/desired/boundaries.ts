// When the desired state changes by itself, as time passes.

import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Boundary, TimeBox } from "../model/validity.ts";
import { compareText } from "../support/compare.ts";

/**
 * The earliest instant after this one at which a validity begins or ends, in seconds since the epoch: until then the
 * desired state stays as it is. Undefined where nothing begins or ends any more.
 */
export function nextBoundary(
  { timeBoxes }: Pick<DesiredOverTime, "timeBoxes">,
  nowSeconds: number,
): number | undefined {
  return boundariesAfter(timeBoxes, nowSeconds)[0]?.atSeconds;
}

/** Of each manifest the next one, the earliest first. */
export function boundariesAfter(timeBoxes: readonly TimeBox[], nowSeconds: number): readonly Boundary[] {
  return timeBoxes
    .flatMap((timeBox) => boundaryAfter(timeBox, nowSeconds))
    .sort((a, b) => a.atSeconds - b.atSeconds || compareText(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`));
}

function boundaryAfter({ validity, ...manifest }: TimeBox, nowSeconds: number): readonly Boundary[] {
  const { fromSeconds, untilSeconds } = validity;
  if (fromSeconds !== undefined && fromSeconds > nowSeconds) {
    return [{ ...manifest, event: "begins", atSeconds: fromSeconds }];
  }
  if (untilSeconds !== undefined && untilSeconds > nowSeconds) {
    return [{ ...manifest, event: "ends", atSeconds: untilSeconds }];
  }
  return [];
}
