// In: what the server or the line did. Out: one error with everything that a person needs. Must not know: plans.

export type ApiErrorKind =
  /** No answer: refused, unresolved, timed out before the request was sent. Nothing happened. */
  | "unreachable"
  /** The certificate is not the one that was asked for. */
  | "tls"
  /** 401 */
  | "unauthenticated"
  /** 403 */
  | "forbidden"
  /** 400: parameter verification, nothing happened. */
  | "invalid"
  /** The server said why it did not do it (500 with its own text). */
  | "failed"
  /** Cluster lock: nothing happened, safe to repeat. */
  | "busy"
  /** No quorum: nothing happened, and what this node shows may be out of date. */
  | "cut-off"
  /** 596, a lost or cut answer: it may have happened. */
  | "ambiguous"
  /** An answer of the wrong shape. */
  | "malformed";

/** The server or the line: thrown in proxmox/ and live/, caught in apply/ and reconcile/ only. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly kind: ApiErrorKind;
  readonly method: string;
  /** Below /api2/json, without the query. */
  readonly path: string;
  /** The HTTP status, undefined where there was no answer. */
  readonly status: number | undefined;
  /** The server's own words, trimmed, from the body or the reason phrase. */
  readonly words: string;
  /** What the server said of single parameters. */
  readonly parameters: Readonly<Record<string, string>>;

  constructor(
    kind: ApiErrorKind,
    request: { readonly method: string; readonly path: string },
    answer: {
      readonly words: string;
      readonly status?: number;
      readonly parameters?: Readonly<Record<string, string>>;
    },
    options?: { readonly cause?: unknown },
  ) {
    super(`${request.method} ${request.path}: ${answer.words}`, options);
    this.kind = kind;
    this.method = request.method;
    this.path = request.path;
    this.status = answer.status;
    this.words = answer.words;
    this.parameters = answer.parameters ?? {};
  }
}
