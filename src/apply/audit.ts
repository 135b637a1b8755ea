// In: a write and what became of it. Out: its two lines in the audit log. Must not know: where the lines go.

import type { Change, ChangeReason, Operation, Plan, RequestShape, SecretValue } from "../plan/plan.ts";
import type { Clock } from "../support/clock.ts";
import type { Result } from "./result.ts";

/** A parameter as it is sent; of a secret only where it is read from. */
type AuditParameter = string | SecretValue;

/** The request of a write, with everything but its secrets. */
export interface AuditRequest extends Pick<RequestShape, "method" | "path"> {
  readonly parameters: Readonly<Record<string, AuditParameter>>;
}

interface AuditChange extends Pick<Change, "action" | "kind" | "name"> {
  readonly reason: ChangeReason;
  readonly source?: { readonly file: string; readonly line: number };
}

export interface AuditOutcome {
  /** `lost`: sent, and no answer says whether it happened. */
  readonly status: "done" | "failed" | "lost";
  /** Failed, and the server did the write all the same: what had to follow did not work. */
  readonly written?: true;
  readonly error?: string;
}

/** Which manifests asked for the write. */
export interface AuditManifests {
  /** `sha256:…` of their names and texts: the same wherever the same manifests are read. */
  readonly digest: string;
  /** What HEAD leads to in the Git work tree that they lie in; undefined where there is none. */
  readonly commit?: string | undefined;
}

/**
 * One line. Two of them are a write: `before` is on the disk before the write is sent, `after` has the outcome. Flat, and
 * each whole in itself; audit-chain.ts adds what chains it to the one before it.
 */
export interface AuditLine {
  readonly formatVersion: 1;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The same in all lines of one pass over one target. */
  readonly run: string;
  readonly target: string;
  readonly caller: string;
  readonly manifests: AuditManifests;
  /** Counts the writes to the target within the run, from 1: with `run` and `target` it pairs the two lines. */
  readonly write: number;
  readonly phase: "before" | "after";
  readonly operation: AuditRequest;
  readonly changes: readonly AuditChange[];
  /** As they were given: `max-deletes=12`. */
  readonly approvals: readonly string[];
  readonly outcome?: AuditOutcome;
}

/** Where lines go: of all passes, one after the other. */
export interface AuditSink {
  /** Resolves when the line is on the disk; else to why it is not. Asked again, it tries again. */
  append(line: AuditLine): Promise<string | undefined>;
  /** The hash of the last line that went there; undefined where none did. */
  lastHash(): string | undefined;
  /** Why the last line could not go there; undefined where it could. */
  problem(): string | undefined;
  /** How somebody else has changed what went there; undefined where nobody was seen to. Never taken back. */
  breach(): string | undefined;
}

/** What the lines of one pass have in common. */
export interface AuditOccasion {
  readonly run: string;
  /** As they were given. */
  readonly approvals: readonly string[];
  readonly manifests: AuditManifests;
}

/** Of one pass. Writing never throws: it is asked for its problem. */
export interface AuditLog extends AuditOccasion {
  /** Resolves when the line is on the disk, or when it is clear that it won't be. */
  append(line: AuditLine): Promise<void>;
  /** Why it takes no more lines: from then on nothing is sent to a server by this pass. */
  problem(): string | undefined;
}

/** For whoever asked for none. */
export const noAudit: AuditSink = {
  append: () => Promise.resolve(undefined),
  lastHash: () => undefined,
  problem: () => undefined,
  breach: () => undefined,
};

/** A problem ends the pass; the next one begins without it. */
export function auditPass(sink: AuditSink, occasion: AuditOccasion): AuditLog {
  let problem: string | undefined;
  return {
    ...occasion,
    append: async (line) => {
      problem ??= await sink.append(line);
    },
    problem: () => problem,
  };
}

type Audited = Pick<Plan, "target" | "caller" | "changes">;

/** Writes the lines of one plan, or of what is done beside one. */
export class Auditor {
  readonly #plan: Audited;
  readonly #log: AuditLog;
  readonly #clock: Clock;
  #writes = 0;

  constructor(plan: Audited, { audit, clock }: { readonly audit: AuditLog; readonly clock: Clock }) {
    this.#plan = plan;
    this.#log = audit;
    this.#clock = clock;
  }

  problem(): string | undefined {
    return this.#log.problem();
  }

  /** Gives what to call with the outcome. */
  async begin(
    operation: Pick<Operation, "changes">,
    request: AuditRequest,
  ): Promise<(outcome: AuditOutcome) => Promise<void>> {
    this.#writes += 1;
    const { target, caller, changes } = this.#plan;
    const { digest, commit } = this.#log.manifests;
    const line = {
      formatVersion: 1,
      run: this.#log.run,
      target,
      caller,
      manifests: { digest, ...(commit !== undefined && { commit }) },
      write: this.#writes,
      operation: request,
      changes: operation.changes.flatMap((index) => changes[index] ?? []).map(auditChange),
      approvals: this.#log.approvals,
    } as const;
    const append = (rest: Pick<AuditLine, "phase" | "outcome">): Promise<void> =>
      this.#log.append({ time: new Date(this.#clock.now()).toISOString(), ...line, ...rest });
    await append({ phase: "before" });
    return (outcome) => append({ phase: "after", outcome });
  }
}

function auditChange({ action, kind, name, reason, source }: Change): AuditChange {
  return {
    action,
    kind,
    name,
    reason,
    ...(source && { source: { file: source.file, line: source.line } }),
  };
}

export function auditOutcome(result: Result): AuditOutcome {
  switch (result.kind) {
    case "done":
      return { status: "done" };
    case "failed":
      return { status: "failed", ...(result.written && { written: true }), error: result.error };
    case "unconfirmed":
      return { status: "lost", error: result.error };
  }
}
