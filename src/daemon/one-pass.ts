// One pass over one target, whatever happens in it: a record of it, and the report where there is one.

import { randomBytes } from "node:crypto";
import type { LookedSink, TargetReport } from "../reconcile/report.ts";
import { withLostSecrets } from "../reconcile/sink-look.ts";
import { errorTrace } from "../support/error-code.ts";
import { withFields, type Logger } from "../support/logger.ts";
import type { Observed } from "./conditions.ts";
import { logLostSecrets, logPass, logWrite } from "./log.ts";
import { isOver, type Pause } from "./pause.ts";
import type { Reason } from "./queue.ts";
import { bugRecord, interruptedRecord, recordOf, type Course, type PassRecord } from "./record.ts";
import { stillFound } from "./sink-look.ts";
import type { Desired, TendingOptions } from "./tending.ts";

export interface PassInput {
  readonly desired: Desired;
  /** The manifests that ask for it. */
  readonly observed: Observed;
  readonly reasons: readonly Reason[];
  readonly pause: Pause | undefined;
  /** What the last look into the sinks found, and whether it is time for another. */
  readonly sinks: readonly LookedSink[];
  readonly looksIntoSinks: boolean;
}

export interface PassMade {
  readonly record: PassRecord;
  readonly report?: TargetReport;
}

/** Undefined where it was interrupted before there was anything to tell. Never rejects. */
export async function makePass(
  { desired, observed, reasons, pause, sinks, looksIntoSinks }: PassInput,
  { surroundings, visit }: Pick<TendingOptions, "surroundings" | "visit">,
  signal: AbortSignal,
): Promise<PassMade | undefined> {
  const { clock } = surroundings;
  const { mode, name } = desired.target;
  const [id, startedMs] = [newId(), clock.now()];
  const logger = withFields(surroundings.logger, { target: name, pass: id });
  const course = (): Course => ({ id, startedMs, durationMs: clock.now() - startedMs, reasons });
  try {
    const approvals = isOver(pause, startedMs) ? pauseIsOver : none;
    const options = {
      id,
      manifests: observed,
      mode,
      approvals,
      onWrite: logWrite(logger),
      looksIntoSinks,
    };
    const visited = await visit(desired, options, { ...surroundings, logger }, signal);
    logLostSecrets(logger, visited.sinks ?? []);
    const report = withLostSecrets(visited, visited.sinks ?? stillFound(sinks, visited));
    const whole = recordOf(report, mode, course());
    const record = signal.aborted ? interruptedRecord(whole, report) : whole;
    logPass(logger, record);
    return { record, report };
  } catch (error) {
    return signal.aborted ? undefined : { record: noteBug(error, course(), logger) };
  }
}

/** Of one that came to an end, and whose end was a bug. */
export function passInBug(error: unknown, course: Omit<Course, "id">, logger: Logger): PassMade {
  const id = newId();
  return { record: noteBug(error, { ...course, id }, withFields(logger, { pass: id })) };
}

function newId(): string {
  return randomBytes(4).toString("hex");
}

const none: ReadonlyMap<string, undefined> = new Map();
const pauseIsOver: ReadonlyMap<string, undefined> = new Map([["paused", undefined]]);

/** What nobody foresaw with one target must not end the passes of all others (docs/decisions/033). */
function noteBug(error: unknown, course: Course, logger: Logger): PassRecord {
  logger.error("this is a bug, please report it", { stack: errorTrace(error) });
  return bugRecord("the pass ended in a way that is a bug in Rolecall: the log has its trace", course);
}
