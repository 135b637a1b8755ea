// In: instants, in seconds since the epoch. Out: when something declared is there, and when that changes. Must not know:
// the clock, how a manifest writes it.

import type { Place } from "../support/place.ts";

/** From its first second on, until the one at which it is over: as an `expire` on the server. An open side has no bound. */
export interface Validity {
  readonly fromSeconds?: number;
  readonly untilSeconds?: number;
}

/** Where nothing is said, it is there always. */
export function isWithin(validity: Validity | undefined, nowSeconds: number): boolean {
  return firstSecondOf(validity) <= nowSeconds && nowSeconds < endOf(validity);
}

/** Whether there is an instant at which both are there. */
export function areEverBothThere(one: Validity | undefined, other: Validity | undefined): boolean {
  return Math.max(firstSecondOf(one), firstSecondOf(other)) < Math.min(endOf(one), endOf(other));
}

function firstSecondOf(validity: Validity | undefined): number {
  return validity?.fromSeconds ?? Number.NEGATIVE_INFINITY;
}

function endOf(validity: Validity | undefined): number {
  return validity?.untilSeconds ?? Number.POSITIVE_INFINITY;
}

/** A manifest with a validity, and what it declares. */
export interface TimeBox {
  readonly kind: "ACL" | "Membership";
  /** Of the manifest. */
  readonly name: string;
  /** Pairs as plans name them, or `USER in GROUP`; sorted. */
  readonly objects: readonly string[];
  readonly validity: Validity;
  readonly source: Place;
}

/** The next instant at which what a manifest declares begins or ends to be there. */
export interface Boundary extends Omit<TimeBox, "validity"> {
  readonly event: "begins" | "ends";
  /** The first second in which it is there, or in which it is not there any more. */
  readonly atSeconds: number;
}
