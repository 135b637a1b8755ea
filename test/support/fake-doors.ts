// In: an access state. Out: the doors of apply/, with a server behind them that does what the plan simulates, fails
// where it is told to, and remembers what was asked. Must not know: how apply/ goes about it.

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
}

export interface FakeServer {
  readonly doors: Doors;
  readonly state: () => AccessState;
  readonly requests: readonly WriteRequest[];
  /** In order: `create-user`, `read`, `prove`, `deliver`. */
  readonly log: readonly string[];
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
  const moved: string[] = [];
  const countOf = (entry: string): number => log.filter((one) => one === entry).length;
  const fail = (kind: ApiErrorKind, method: string, words: string = kind): never => {
    throw new ApiError(kind, { method, path: "/x" }, { words });
  };
  const send = (request: WriteRequest): unknown => {
    const write = current;
    if (!write) throw new Error("a request that no write asked for");
    const mishap = misfortune.onWrite?.(write, countOf(write.kind));
    log.push(write.kind);
    requests.push(request);
    if (!mishap || mishap.happens === true) state = applyWrite(state, write);
    if (mishap) fail(mishap.kind, request.method, mishap.words);
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
    generatePassword: (length) => new Secret("g".repeat(length)),
    passwordLengths: pve.passwordLengths,
    clock: misfortune.clock ?? aClock(1_000_000),
    onProgress: misfortune.onProgress ?? (() => undefined),
    onMoved: (moves) => void moved.push(...moves),
  };
  const meddle = (write: Write): void => void (state = applyWrite(state, write));
  return { doors, requests, log, moved, meddle, state: () => state };
}

/** A promise of what the work gives or throws. */
async function settled<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
