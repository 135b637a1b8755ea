import type { LiveState } from "../model/live-state.ts";
import { detailsToRead } from "../plan/details-to-read.ts";
import type { Opened } from "./open.ts";

/**
 * A plan needs the members of those pools alone that can make a difference to it, and the options of declared realms. A
 * question is answered as the server would, which looks at the members of all pools. Throws ApiError.
 */
export async function readLive(
  { stations, connected, desired, purpose }: Opened,
  signal: AbortSignal,
): Promise<LiveState> {
  const { product } = stations;
  return await stations.readLive(
    connected.read,
    product,
    (listed, version) =>
      purpose === "ask"
        ? { pools: new Set(listed.pools.keys()), realms: new Set(), syncJobs: false }
        : detailsToRead(listed, desired, product, version),
    signal,
  );
}
