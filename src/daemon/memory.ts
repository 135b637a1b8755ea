// Gives back what bursts of passes took. V8 keeps the room that it once needed, for as long as so little happens that it
// need not collect: a daemon at rest would hold three times what it uses (docs/decisions/034).

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "../support/clock.ts";
import { Wakeup } from "./wakeup.ts";

/** Often enough that what is held between is small beside what is used; a collection takes some 50 ms. */
const everyMs = 60_000;

/** Until the signal aborts: collects garbage from time to time, where there were passes since. */
export async function keepTidy(clock: Clock, countPasses: () => number, signal: AbortSignal): Promise<void> {
  const collect = garbageCollector();
  const wakeup = new Wakeup(clock);
  let before = countPasses();
  while (!signal.aborted) {
    await wakeup.wait(everyMs, signal);
    const passes = countPasses();
    if (passes !== before) collect();
    before = passes;
  }
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  // Another engine, or a V8 without it, does without.
  if (typeof collect !== "function") return () => undefined;
  return () => {
    Reflect.apply(collect, undefined, []);
  };
}
