import type { Secret } from "../model/secret.ts";

/** A write with its secrets read. `path` is below /api2/json, its segments already percent-encoded. */
export interface WriteRequest {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | Secret>>;
}

/** The one thing that can change a server; only apply/ calls it. */
export interface WriteClient {
  /** The `data` of the answer. Repeats only what certainly did not happen (kind `busy`, `unreachable`). Throws ApiError. */
  send(request: WriteRequest, signal: AbortSignal): Promise<unknown>;
}
