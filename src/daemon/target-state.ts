// In: what is known of a target, and what a pass made of it. Out: what is known then. Pure: worked out whole before it is
// taken over, so that a bug in it leaves behind what was known before.

import type { TargetReport } from "../reconcile/report.ts";
import {
  manifestsSaid,
  notYet,
  passSaid,
  withConditions,
  type Condition,
  type Observed,
} from "./conditions.ts";
import { keepPlan, type KeptPlan } from "./kept-plan.ts";
import type { PassMade } from "./one-pass.ts";
import { pauseAfter, type Pause } from "./pause.ts";
import type { PassRecord } from "./record.ts";
import { lookAfter, type SinkLook } from "./sink-look.ts";
import type { Desired } from "./tending.ts";
import { tokensAbout, type TokenExpiry } from "./token-expiry.ts";

/** All that is known of a target. */
export interface TargetState {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly conditions: readonly Condition[];
  readonly version: string | undefined;
  readonly caller: string | undefined;
  readonly pause: Pause | undefined;
  readonly isAtWork: boolean;
  readonly nextMs: number | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly failures: number;
  /** The newest first. */
  readonly history: readonly PassRecord[];
  readonly plan: KeptPlan | undefined;
  readonly tokens: readonly TokenExpiry[];
  /** The last look into the sinks. */
  readonly sinks: SinkLook | undefined;
  /** A first pass has ended, however, or none is to be made. */
  readonly isReady: boolean;
}

const keptPasses = 20;

export function stateAtFirst(desired: Desired, observed: Observed, nowMs: number): TargetState {
  const conditions = withConditions([], [...notYet, manifestsSaid([])], { nowMs, observed });
  return { ...blank, desired, observed, conditions };
}

/** When a pass ended, how many failed in a row before it, and of which manifests it speaks. */
interface PassEnding {
  readonly nowMs: number;
  readonly failures: number;
  readonly observed: Observed;
}

export function stateAfter(
  before: TargetState,
  { record, report }: PassMade,
  { nowMs, failures, observed }: PassEnding,
): TargetState {
  const isSuccess = record.result === "synced" || record.result === "drift";
  // A pass that did not get to a plan says nothing of the switch.
  const hasLooked = report?.plan !== undefined;
  const { maxPauseMs } = before.desired.target.safety;
  return {
    ...before,
    ...(report && seenIn(report, before, nowMs)),
    ...(isSuccess && { lastSuccessMs: nowMs }),
    ...(hasLooked && { pause: pauseAfter(before.pause, record.isPaused, { nowMs, maxPauseMs }) }),
    isReady: true,
    history: [record, ...before.history].slice(0, keptPasses),
    conditions: withConditions(before.conditions, passSaid(record, failures), { nowMs, observed }),
  };
}

function seenIn(report: TargetReport, { sinks }: TargetState, nowMs: number): Partial<TargetState> {
  const { version, caller, plan } = report;
  return {
    plan: keepPlan(report),
    ...(version !== undefined && { version }),
    ...(caller !== undefined && { caller }),
    sinks: lookAfter(sinks, report, nowMs),
    ...(plan && { tokens: tokensAbout(plan.after.tokens.values()) }),
  };
}

/** Until something begins or ends by itself: a validity, a token's secret, a pause. */
export function boundaryInMs(
  { pause }: Pick<TargetState, "pause">,
  plan: TargetReport["plan"],
  nowMs: number,
): number | undefined {
  const ends = [
    ...(plan?.boundaries ?? []).map(({ atSeconds }) => atSeconds * 1000),
    ...(plan?.rotations ?? []).map(({ rotatesAt }) => rotatesAt * 1000),
    pause?.untilMs ?? Infinity,
  ].filter((end) => end > nowMs && end !== Infinity);
  return ends.length === 0 ? undefined : ends.reduce((a, b) => Math.min(a, b)) - nowMs;
}

const blank = {
  version: undefined,
  caller: undefined,
  pause: undefined,
  isAtWork: false,
  nextMs: undefined,
  lastSuccessMs: undefined,
  failures: 0,
  history: [],
  plan: undefined,
  tokens: [],
  sinks: undefined,
  isReady: false,
} as const;
