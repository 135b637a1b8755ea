import type { LiveState } from "../model/live-state.ts";
import { poolsToRead } from "../plan/pool-reads.ts";
import type { Opened } from "./open.ts";

/**
 * A plan needs the members of those pools alone that can make a difference to it. A question is answered as the server
 * would, which looks at the members of all pools. Throws ApiError.
 */
export async function readLive(
  { stations, connected, desired, purpose }: Opened,
  signal: AbortSignal,
): Promise<LiveState> {
  return await stations.readLive(
    connected.read,
    stations.product,
    (listed) => (purpose === "ask" ? new Set(listed.pools.keys()) : poolsToRead(listed, desired)),
    signal,
  );
}
