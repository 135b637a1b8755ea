// What the daemon's log says of its work: one line a pass, one a write.

import type { LookedSink } from "../reconcile/report.ts";
import { lostIn } from "../reconcile/sink-look.ts";
import type { Visit } from "../reconcile/visit.ts";
import type { LogFields, Logger } from "../support/logger.ts";
import type { PassRecord } from "./record.ts";

export function logWrite(logger: Logger): Visit["onWrite"] {
  return ({ number, total, kind, method, path }) =>
    logger.info("write", { write: number, of: total, kind, method, path });
}

/** Once a look: what it found that somebody has to mend. */
export function logLostSecrets(logger: Logger, sinks: readonly LookedSink[]): void {
  for (const { token, sink, place, state } of lostIn(sinks))
    logger.warn("a sink does not hold a secret that the server takes", { token, sink, place, state });
}

/** As loud as what it says: a refusal is somebody's to look at, a server that does not answer too. */
export function logPass(logger: Logger, record: PassRecord): void {
  switch (record.result) {
    case "synced":
    case "drift":
    case "moved":
      logger.info("pass", fieldsOf(record));
      return;
    case "interrupted":
      logger[hasFailed(record) ? "error" : "info"]("pass", fieldsOf(record));
      return;
    case "paused":
    case "refused":
    case "held":
    case "unreachable":
      logger.warn("pass", fieldsOf(record));
      return;
    case "failed":
    case "bug":
      logger.error("pass", fieldsOf(record));
  }
}

function hasFailed({ kinds }: PassRecord): boolean {
  return kinds.some(({ failed }) => failed > 0);
}

function fieldsOf({ result, code, message, reasons, durationMs, changes, ...record }: PassRecord): LogFields {
  return {
    result,
    reasons: reasons.join(","),
    ms: durationMs,
    ...changes,
    applied: record.applied,
    held: record.held,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { error: message }),
    ...(record.isPaused && { paused: true }),
  };
}
