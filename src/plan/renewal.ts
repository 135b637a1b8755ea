// In: a declared and a live token, the time. Out: whether it needs a new secret, why and by which way, when the next one
// is due, and which expiry it should have. Must not know: requests, sinks. The live expiry is the clock: there is no
// other record of when a secret was made, or of whether it was delivered.

import type { Expiry, Token } from "../model/access-state.ts";
import type { DesiredToken } from "../model/desired.ts";
import type { TokenId } from "../model/ids.ts";
import { deliverySeconds, type Lifetime } from "../model/lifetime.ts";

export type RenewalReason =
  /** It ended, or ends within the hour: what a secret that was not delivered looks like. */
  | "undelivered"
  /** It expires earlier than declared: an old secret is never extended. */
  | "earlier"
  /** Within `renewBefore` of its end. */
  | "due"
  /** A person asked for it. */
  | "asked"
  /** Apply looked, and a sink does not hold it. */
  | "not-in-sink";

/** In place the token keeps its entries; a replaced one is deleted, made and granted again. */
export type RenewalWay = "inPlace" | "replace";

export interface Renewal {
  readonly reason: RenewalReason;
  readonly way: RenewalWay;
}

/** What is known beside both states. */
export interface RenewalGround {
  readonly nowSeconds: number;
  readonly asked: ReadonlySet<TokenId>;
  readonly notInSink: ReadonlySet<TokenId>;
}

/** Machines differ in their clocks: what is set by one is not to be lowered by the other. */
const toleranceSeconds = 3600;

/** Why a live token needs a new secret; undefined where it needs none. */
export function renewalReason(
  desired: Pick<DesiredToken, "id" | "expire">,
  live: Token,
  { nowSeconds, asked, notInSink }: RenewalGround,
): RenewalReason | undefined {
  if (asked.has(desired.id)) return "asked";
  const early = isEarly(desired.expire, live.expire, nowSeconds);
  if (early !== undefined) return endsSoon(live, nowSeconds) ? "undelivered" : early;
  return notInSink.has(desired.id) ? "not-in-sink" : undefined;
}

/** Within the hour that an undelivered secret lives, or before. */
export function endsSoon({ expire }: Token, nowSeconds: number): boolean {
  return expire !== 0 && expire <= nowSeconds + deliverySeconds;
}

function isEarly(
  desired: DesiredToken["expire"],
  live: Expiry,
  nowSeconds: number,
): "due" | "earlier" | undefined {
  if (desired === undefined || live === 0) return undefined;
  if (typeof desired === "object") return rotatesAt(desired, live) <= nowSeconds ? "due" : undefined;
  // What has ended by its manifest needs no secret that would end, too.
  if (desired !== 0 && desired <= nowSeconds) return undefined;
  return desired === 0 || live < desired ? "earlier" : undefined;
}

/** When a secret with this end is to be followed by the next one. */
export function rotatesAt({ renewBeforeSeconds }: Lifetime, expire: Expiry): number {
  return expire - renewBeforeSeconds;
}

/** The expiry that a token should have: a lifetime counts from the making of its secret, and only shortens after that. */
export function settledExpiry(
  desired: DesiredToken["expire"],
  live: Token | undefined,
  nowSeconds: number,
  secret: "new" | "kept",
): { readonly expire: Expiry; readonly fromNow: boolean } {
  if (typeof desired !== "object") return { expire: desired ?? live?.expire ?? 0, fromNow: false };
  const whole = nowSeconds + desired.seconds;
  if (live === undefined || secret === "new") return { expire: whole, fromNow: true };
  const isLonger = live.expire === 0 || live.expire > whole + toleranceSeconds;
  return isLonger ? { expire: whole, fromNow: true } : { expire: live.expire, fromNow: false };
}

/** A token with a lifetime: when its secret ends, and when the next one is made. Seconds since the epoch. */
export interface Rotation {
  readonly token: TokenId;
  readonly expire: Expiry;
  readonly rotatesAt: number;
}

/** Of all declared tokens that have a lifetime and an end, the next first. */
export function rotationsOf(
  desired: ReadonlyMap<TokenId, DesiredToken>,
  live: ReadonlyMap<TokenId, Token>,
): readonly Rotation[] {
  return [...desired.values()]
    .flatMap(({ id, ensure, expire: declared }): Rotation[] => {
      const expire = live.get(id)?.expire ?? 0;
      if (ensure !== "present" || typeof declared !== "object" || expire === 0) return [];
      return [{ token: id, expire, rotatesAt: rotatesAt(declared, expire) }];
    })
    .sort((a, b) => a.rotatesAt - b.rotatesAt || (a.token < b.token ? -1 : 1));
}
