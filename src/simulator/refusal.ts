// In: what a call may not or cannot do. Out: how the server words it, with its status. Must not know: HTTP, sockets.

/**
 * The real server fails by exceptions, and its callers put words before them, so the simulator does likewise: thrown
 * by whatever answers a call, caught in `api.ts`, and in `authorize.ts` where one way in out of several is shut. Messages end with a line
 * feed, as the server's do.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** What is wrong with single parameters. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** Thrown with a status of its own: wherever the server puts such a refusal into words, the status is text. */
  readonly isCoded: boolean;
  /** How long the server tried before it gave up. */
  readonly waitedMs: number | undefined;

  constructor(
    message: string,
    ending?: {
      readonly status: number;
      readonly errors?: Readonly<Record<string, string>>;
      readonly isCoded?: boolean;
      readonly waitedMs?: number;
    },
  ) {
    super(message);
    this.status = ending?.status ?? 500;
    this.errors = ending?.errors;
    this.waitedMs = ending?.waitedMs;
    this.isCoded = ending !== undefined && ending.isCoded !== false;
  }
}

/** 500 with a text: what the server says when the work itself is impossible. */
export function failure(text: string): Refusal {
  return new Refusal(`${text}\n`);
}

/** 400 with a text for each offending parameter. */
export function badParameters(errors: Readonly<Record<string, string>>): Refusal {
  return new Refusal("Parameter verification failed.\n", { status: 400, errors });
}

/** 403; what was lacking stands in brackets, where the server tells. */
export function forbidden(lacking?: string): Refusal {
  const bracket = lacking === undefined ? "" : ` (${lacking})`;
  return new Refusal(`Permission check failed${bracket}\n`, { status: 403 });
}

/** 501: nothing is there under this method and path. */
export function notImplemented(method: string, path: string): Refusal {
  return new Refusal(`Method '${method} ${path}' not implemented`, { status: 501, isCoded: false });
}

/** 401 of a login: never says which of its reasons it was. */
export function loginFailed(): Refusal {
  return new Refusal("authentication failure\n", { status: 401 });
}

/** What failed under a lock: it loses its status to the lock's 500 and becomes text. */
export function prefixed(prefix: string, refusal: Refusal): Refusal {
  const { waitedMs } = refusal;
  return new Refusal(`${prefix}: ${wordsOf(refusal)}`, {
    status: 500,
    isCoded: false,
    ...(waitedMs !== undefined && { waitedMs }),
  });
}

function wordsOf(refusal: Refusal): string {
  if (!refusal.isCoded) return refusal.message;
  const errors = Object.entries(refusal.errors ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${String(refusal.status)} ${refusal.message}`,
    ...errors.map(([key, text]) => `${key}: ${text}\n`),
  ].join("");
}
