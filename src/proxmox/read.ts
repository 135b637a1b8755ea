import type { AuthId } from "../model/ids.ts";

/** What planning is handed: it can look and nothing else, since there is no function here that writes. */
export interface ReadClient {
  /** The identity that the requests carry. */
  readonly caller: AuthId;
  /** The `data` of the answer. `path` is below /api2/json; throws ApiError. */
  get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown>;
}
