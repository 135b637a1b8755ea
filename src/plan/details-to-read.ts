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
  /** Needed where one is declared; wanted where one may stay behind that nothing would fetch users for. */
  readonly syncJobs: "no" | "wanted" | "needed";
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
  return {
    pools: poolsToRead(listed, desired),
    realms: new Set(declared.map(({ id }) => id).filter((id) => listed.realms.has(id))),
    syncJobs: hasSyncJobs(product, version) ? jobsNeed(listed, desired, product) : "no",
  };
}

function jobsNeed(
  { realms }: AccessState,
  desired: DesiredOverTime,
  { realms: { synchronised } }: Product,
): DetailsNeeded["syncJobs"] {
  const isDeclared = [...desired.realms.values()].some(
    ({ ensure, sync }) => ensure !== "ignored" && sync !== undefined,
  );
  if (isDeclared) return "needed";
  const isPruned = desired.target.prune.realms !== false;
  const mayGo = [...realms.values()].some(({ id, type }) => {
    const declared = desired.realms.get(id)?.ensure;
    return synchronised.includes(type) && (declared === undefined ? isPruned : declared === "absent");
  });
  return mayGo ? "wanted" : "no";
}
