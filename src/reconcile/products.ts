import type { Product, ProductName } from "../model/product.ts";
import { pve } from "../model/pve.ts";
import type { RequestShape, Write } from "../plan/plan.ts";
import { requestFor } from "../plan/requests.ts";
import { readLiveState } from "../live/pve.ts";
import { readRealm } from "../live/pve-realm-reads.ts";

/** The stations that differ by product: its rules, its reads, its writes. */
export interface ProductStations {
  readonly product: Product;
  readonly readLive: typeof readLiveState;
  readonly readRealm: typeof readRealm;
  readonly requestFor: (write: Write) => RequestShape;
}

/** Every product that a target may be of; a manifest of another one is a mistake in its file (desired/). */
export const stations: Readonly<Record<ProductName, ProductStations | undefined>> = {
  pve: { product: pve, readLive: readLiveState, readRealm, requestFor },
  pbs: undefined,
};
