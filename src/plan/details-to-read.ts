// In: a live state of lists, and what the manifests want. Out: what has to be read in full. Must not know: how it is read.

import type { AccessState } from "../model/access-state.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { PoolId, RealmId } from "../model/ids.ts";
import { isSince } from "../model/release.ts";
import type { Product } from "../model/product.ts";
import { poolsToRead } from "./pool-reads.ts";

interface DetailsNeeded {
  readonly pools: ReadonlySet<PoolId>;
  readonly realms: ReadonlySet<RealmId>;
  readonly syncJobs: boolean;
}

export function hasSyncJobs({ realms }: Product, version: string): boolean {
  return isSince(version, realms.syncJobsSince);
}

/** Of a realm that is to go its list says enough. */
export function detailsToRead(
  listed: AccessState,
  desired: DesiredOverTime,
  product: Product,
  version: string,
): DetailsNeeded {
  const declared = [...desired.realms.values()].filter(({ ensure }) => ensure === "present");
  const isSynced = [...desired.realms.values()].some(
    ({ ensure, sync }) => ensure !== "ignored" && sync !== undefined,
  );
  return {
    pools: poolsToRead(listed, desired),
    realms: new Set(declared.map(({ id }) => id).filter((id) => listed.realms.has(id))),
    syncJobs: isSynced && hasSyncJobs(product, version),
  };
}
