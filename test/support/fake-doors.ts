// In: an access state. Out: the doors of apply/, with a server behind them that does what the plan simulates, fails
// where it is told to, and remembers what was asked. Must not know: how apply/ goes about it.

import type { AuditLine } from "../../src/apply/audit.ts";
import type { Doors } from "../../src/apply/doors.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { pve } from "../../src/model/pve.ts";
import { Secret } from "../../src/model/secret.ts";
import type { Operation, Write } from "../../src/plan/plan.ts";
import { requestFor } from "../../src/plan/requests.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { ApiError, type ApiErrorKind } from "../../src/proxmox/api-error.ts";
import type { WriteRequest } from "../../src/proxmox/write.ts";
import { resolved, unresolved } from "../../src/secrets/resolved.ts";
import type { Clock } from "../../src/support/clock.ts";
import { aTokenId } from "./builders.ts";
import { aClock } from "./wound-clock.ts";

/** What goes wrong with a write; `happens`: the server did it all the same. */
export interface Mishap {
  readonly kind: ApiErrorKind;
  readonly words?: string;
  readonly happens?: boolean;
  /** What the server says of single parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface Misfortune {
  /** Asked for each write, with how often this kind was sent before. */
  readonly onWrite?: (write: Write, before: number) => Mishap | undefined;
  readonly onReadBack?: (before: number) => ApiErrorKind | undefined;
  readonly sink?: "unprovable" | "full";
  /** Which place that concerns; every one where undefined. */
  readonly sinkAt?: string;
  /** What a token's creation answers in place of its secret. */
  readonly tokenAnswer?: unknown;
  /** Stands still unless the test winds it. */
  readonly clock?: Clock;
  readonly onProgress?: (done: number, total: number, operation: Operation) => void;
  /** Asked for each audit line: why it can't be written. */
  readonly onAudit?: (line: AuditLine) => string | undefined;
  /** Whether the caller's source holds its new secret. */
  readonly renewal?: "stale";
}

export interface FakeServer {
  readonly doors: Doors;
  readonly state: () => AccessState;
  readonly requests: readonly WriteRequest[];
  /** In order: `create-user`, `read`, `prove`, `deliver`. */
  readonly log: readonly string[];
  readonly lines: readonly AuditLine[];
  /** What was said of somebody else's changes. */
  readonly moved: readonly string[];
  /** Somebody else's write. */
  readonly meddle: (write: Write) => void;
}

export function aServer(start: AccessState, misfortune: Misfortune = {}): FakeServer {
  let state = start;
  let current: Write | undefined;
  const log: string[] = [];
  const requests: WriteRequest[] = [];
  const lines: AuditLine[] = [];
  let broken: string | undefined;
  const clock = misfortune.clock ?? aClock(1_000_000);
  const moved: string[] = [];
  const countOf = (entry: string): number => log.filter((one) => one === entry).length;
  const fail = (
    kind: ApiErrorKind,
    method: string,
    { words = kind, parameters = {} }: Partial<Mishap> = {},
  ): never => {
    throw new ApiError(kind, { method, path: "/x" }, { words, parameters });
  };
  const send = (request: WriteRequest): unknown => {
    const write = current;
    if (!write) throw new Error("a request that no write asked for");
    const mishap = misfortune.onWrite?.(write, countOf(write.kind));
    log.push(write.kind);
    requests.push(request);
    if (!mishap || mishap.happens === true) state = written(state, write, clock.now() / 1000);
    if (mishap) fail(mishap.kind, request.method, mishap);
    const isIssue = write.kind === "create-token" || write.kind === "reissue-token";
    return isIssue ? (misfortune.tokenAnswer ?? { value: "the-secret" }) : null;
  };
  const concerns = (as: string): boolean => misfortune.sinkAt === undefined || misfortune.sinkAt === as;
  const doors: Doors = {
    caller: aTokenId("rolecall@pve!gitops"),
    superuser: pve.superuser,
    write: { send: (request) => settled(() => send(request)) },
    readBack: () =>
      settled(() => {
        const kind = misfortune.onReadBack?.(countOf("read"));
        log.push("read");
        return kind ? fail(kind, "GET") : state;
      }),
    readRealm: ({ id }) => {
      log.push("read-realm");
      const realm = state.realms.get(id);
      return Promise.resolve(realm && { options: realm.options ?? {}, digest: "d1gest" });
    },
    requestFor: (write) => {
      current = write;
      return requestFor(write);
    },
    secretFor: () => Promise.resolve(resolved(new Secret("a-password"))),
    proveSink: ({ as }) => {
      log.push("prove");
      const isBroken = misfortune.sink === "unprovable" && concerns(as);
      return Promise.resolve(isBroken ? unresolved("sink-unwritable", "the disk is gone") : resolved(as));
    },
    deliver: ({ as }) => {
      log.push("deliver");
      const isFull = misfortune.sink === "full" && concerns(as);
      return Promise.resolve(isFull ? unresolved("sink-unwritable", "the disk is full") : resolved(as));
    },
    renewCaller: () => {
      log.push("renew");
      const isStale = misfortune.renewal === "stale";
      return Promise.resolve(
        isStale ? unresolved("secret-missing", "file own is gone") : resolved("file own"),
      );
    },
    audit: {
      run: "the-run",
      approvals: ["max-deletes=2"],
      manifests: { digest: "sha256:d", commit: "c" },
      append: (line) => {
        broken ??= misfortune.onAudit?.(line);
        if (broken === undefined) lines.push(line);
        return Promise.resolve();
      },
      problem: () => broken,
    },
    generatePassword: (length) => new Secret("g".repeat(length)),
    passwordLengths: pve.passwordLengths,
    clock,
    onProgress: misfortune.onProgress ?? (() => undefined),
    onMoved: (moves) => void moved.push(...moves),
  };
  const meddle = (write: Write): void => void (state = applyWrite(state, write));
  return { doors, requests, log, lines, moved, meddle, state: () => state };
}

/** A token with a new secret lives an hour, until that is confirmed. */
function written(before: AccessState, write: Write, nowSeconds: number): AccessState {
  const state = applyWrite(before, write);
  const id =
    write.kind === "create-token" ? write.token.id : write.kind === "reissue-token" ? write.id : undefined;
  if (id === undefined) return state;
  return applyWrite(state, { kind: "update-token", id, set: { expire: nowSeconds + 3600 } });
}

/** A promise of what the work gives or throws. */
async function settled<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
