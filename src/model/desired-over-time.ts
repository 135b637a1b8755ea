// In: the desired state's parts. Out: what the manifests want of one target at every instant. Must not know: the clock.
// What a validity bounds has no instant yet: desired/at-instant.ts turns this into the DesiredState of one.

import type { DesiredGrant, DesiredMembership, DesiredPair, DesiredState, Ensure } from "./desired.ts";
import type { TimeBox, Validity } from "./validity.ts";

export interface TimedGrant extends DesiredGrant {
  readonly validity?: Validity;
}

/** A role may be granted more than once, at different times. */
export interface TimedPair extends Omit<DesiredPair, "grants" | "outside"> {
  readonly grants: readonly TimedGrant[];
}

export interface TimedMembership extends Omit<DesiredMembership, "ensure"> {
  readonly ensure: Ensure;
  readonly validity?: Validity;
}

export interface DesiredOverTime extends Omit<DesiredState, "acl" | "memberships" | "boundaries"> {
  readonly acl: readonly TimedPair[];
  readonly memberships: readonly TimedMembership[];
  /** The manifests that have a validity, sorted by kind, name and what they declare. */
  readonly timeBoxes: readonly TimeBox[];
}
