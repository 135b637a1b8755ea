// What a release can do with pools, by the version of pve-manager, which is what /version tells.

import { isSince } from "./release.ts";

export interface PoolFeatures {
  /** Pools in pools, each named by a parameter; before, by the path of the request (8.1). */
  readonly nested: boolean;
  /** The parameter that lets one write take a guest out of the pool that it is in (8.0.6; 8.0.5 had it by another name). */
  readonly move: "allow-move" | "transfer" | undefined;
  /** The last level of a new pool's name must begin with a letter (9.0). */
  readonly letterFirst: boolean;
}

/** `9.2.11`, `7.4-16`. */
export function poolFeaturesOf(version: string): PoolFeatures {
  return {
    nested: isSince(version, [8, 1]),
    move: isSince(version, [8, 0, 6]) ? "allow-move" : isSince(version, [8, 0, 5]) ? "transfer" : undefined,
    letterFirst: isSince(version, [9]),
  };
}
