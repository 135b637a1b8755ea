// In: what the daemon knows. Out: the published status. Pure; no secret comes near it, since none is in what it is made from.

import type { FromSchema } from "json-schema-to-ts";
import type { AuditStanding } from "../reconcile/visit.ts";
import { instantText } from "../support/instant.ts";
import type { Condition, Observed } from "./conditions.ts";
import type { KeeperState, ManifestsState } from "./keeper.ts";
import type { Lookout } from "./lookout.ts";
import type { PassRecord } from "./record.ts";
import type { statusSchema } from "./status-schema.ts";
import type { TargetState } from "./target-state.ts";

export type StatusDocument = FromSchema<typeof statusSchema>;
export type TargetDocument = StatusDocument["targets"][number];

export interface DaemonState extends KeeperState {
  readonly version: string;
  readonly startedMs: number;
  readonly nowMs: number;
  /** Undefined where there is no audit log. */
  readonly audit: AuditStanding | undefined;
  readonly lookout: Pick<Lookout, "lookedMs" | "waiting" | "blind" | "notices">;
}

export function statusDocument(state: DaemonState): StatusDocument {
  return {
    formatVersion: 1,
    version: state.version,
    startedAt: instantText(state.startedMs),
    now: instantText(state.nowMs),
    manifests: manifestsDocument(state.manifests, state.lookout),
    ...(state.audit && { auditLog: auditDocument(state.audit) }),
    targets: state.targets.map(targetStatus),
  };
}

function auditDocument(audit: AuditStanding): NonNullable<StatusDocument["auditLog"]> {
  const [problem, lastHash, breach] = [audit.problem(), audit.lastHash(), audit.breach()];
  return {
    writable: problem === undefined,
    intact: breach === undefined,
    ...(breach !== undefined && { breach }),
    ...(problem !== undefined && { problem }),
    ...(lastHash !== undefined && { lastHash }),
  };
}

function manifestsDocument(
  { inForce, last, isValid, diagnostics }: ManifestsState,
  { lookedMs, waiting, blind, notices }: DaemonState["lookout"],
): StatusDocument["manifests"] {
  return {
    valid: isValid,
    ...(inForce && { inForceDigest: inForce.digest, inForceSince: instantText(inForce.sinceMs) }),
    ...(inForce?.commit !== undefined && { inForceCommit: inForce.commit }),
    ...(last && { lastDigest: last.digest }),
    ...(last?.commit !== undefined && { lastCommit: last.commit }),
    lastLookAt: instantText(lookedMs),
    ...(waiting && { waiting }),
    events: blind === undefined,
    notices: [...notices],
    diagnostics: diagnostics.map(({ severity, code, message, hint, place }) => ({
      severity,
      code,
      message,
      ...(hint !== undefined && { hint }),
      ...place,
    })),
  };
}

export function targetStatus(state: TargetState): TargetDocument {
  const { target } = state.desired;
  const [last] = state.history;
  return {
    name: target.name,
    product: target.product,
    ...(state.version !== undefined && { version: state.version }),
    ...(state.caller !== undefined && { caller: state.caller }),
    mode: target.mode,
    suspended: target.suspend,
    intervalSeconds: target.intervalMs / 1000,
    ...observedPart(state.observed),
    conditions: state.conditions.map(conditionDocument),
    ...(state.pause && {
      pause: { since: instantText(state.pause.sinceMs), until: instantText(state.pause.untilMs) },
    }),
    atWork: state.isAtWork,
    ...(state.nextMs !== undefined && { nextPassAt: instantText(state.nextMs) }),
    ...(last && { lastAttemptAt: instantText(last.startedMs) }),
    ...(state.lastSuccessMs !== undefined && { lastSuccessAt: instantText(state.lastSuccessMs) }),
    failuresInARow: state.failures,
    ...(last && { lastPass: passDocument(last) }),
    history: state.history.map(passDocument),
    tokens: state.tokens.map(({ id, expire }) => ({ id, expiresAt: instantText(expire * 1000) })),
    ...(state.sinks && {
      sinks: {
        lookedAt: instantText(state.sinks.atMs),
        current: state.sinks.stands,
        found: state.sinks.found.map(({ token, sink, place, state: held, message }) => ({
          token,
          sink,
          place,
          state: held,
          ...(message !== undefined && { message }),
        })),
      },
    }),
  };
}

function observedPart({ digest, commit }: Observed): { observedDigest: string; observedCommit?: string } {
  return { observedDigest: digest, ...(commit !== undefined && { observedCommit: commit }) };
}

function conditionDocument(condition: Condition): TargetDocument["conditions"][number] {
  const { type, status, reason, message, lastTransitionMs } = condition;
  const lastTransitionTime = instantText(lastTransitionMs);
  return { type, status, reason, message, lastTransitionTime, ...observedPart(condition) };
}

function passDocument(record: PassRecord): TargetDocument["history"][number] {
  const { id, startedMs, durationMs, result, code, message, held, applied, unfinished, errors, warnings } =
    record;
  return {
    id,
    startedAt: instantText(startedMs),
    durationMs,
    reasons: [...record.reasons],
    result,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    changes: { ...record.changes },
    kinds: record.kinds.map((kind) => ({ ...kind })),
    held,
    applied,
    unfinished,
    errors,
    warnings,
  };
}
