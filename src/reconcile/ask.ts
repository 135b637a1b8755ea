// In: the desired state of one target. Out: what questions about access are asked of: one read of it, with what may only
// read. Must not know: who asks.

import { indexAccess } from "../access/lookup.ts";
import { answerQuestion, type Answer, type Question } from "../access/question.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { LiveState } from "../model/live-state.ts";
import { observe } from "./observe.ts";
import { openTarget, stationsFor, type Ended, type Surroundings } from "./open.ts";

/** What one read of a target answers, for as long as it is held. */
export interface Reading {
  readonly version: string;
  readonly caller: string;
  readonly answer: (question: Question, nowSeconds: number) => Answer;
}

/** Opened, read whole, and closed whatever happens. */
export async function readToAsk(
  desired: DesiredOverTime,
  surroundings: Surroundings,
  signal: AbortSignal,
  purpose: "ask" | "export" = "ask",
): Promise<LiveState | Ended> {
  const opened = await openTarget(desired, purpose, surroundings);
  if ("status" in opened) return opened;
  try {
    return await observe(opened, signal);
  } finally {
    await opened.connected.close();
  }
}

export async function readForQuestions(
  desired: DesiredOverTime,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Reading | Ended> {
  const live = await readToAsk(desired, surroundings, signal);
  if ("status" in live) return live;
  const { name, product } = desired.target;
  const asked = {
    index: indexAccess(live.state),
    product: stationsFor(product).product,
    server: nameServer(name, product, live),
  };
  return {
    version: live.version,
    caller: live.caller,
    answer: (question, nowSeconds) => answerQuestion(question, { ...asked, nowSeconds }),
  };
}

/** `office (pve 9.2.11)` */
export function nameServer(name: string, product: string, { version }: Pick<LiveState, "version">): string {
  return `${name} (${product} ${version})`;
}
