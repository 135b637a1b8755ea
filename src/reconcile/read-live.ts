import type { LiveState } from "../model/live-state.ts";
import { detailsToRead, hasSyncJobs } from "../plan/details-to-read.ts";
import type { Opened } from "./open.ts";

/**
 * A plan needs the members of those pools alone that can make a difference to it, and the options of declared realms. A
 * question is answered as the server would, which looks at the members of all pools; an export says whatever can be
 * declared. Throws ApiError.
 */
export async function readLive(
  { stations, connected, desired, purpose }: Opened,
  signal: AbortSignal,
): Promise<LiveState> {
  const { product } = stations;
  return await stations.readLive(
    connected.read,
    product,
    (listed, version) => {
      const pools = new Set(listed.pools.keys());
      switch (purpose) {
        case "ask":
          return { pools, realms: new Set(), syncJobs: "no" };
        case "export":
          return {
            pools,
            realms: new Set(listed.realms.keys()),
            syncJobs: hasSyncJobs(product, version) ? "wanted" : "no",
          };
        case "plan":
        case "apply":
          return detailsToRead(listed, desired, product, version);
      }
    },
    signal,
  );
}
