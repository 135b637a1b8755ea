// In: desired and live tokens, the time. Out: what there is to know of each without a look into any sink.

import type { Expiry, Token, User } from "../model/access-state.ts";
import { wordDelivery } from "../model/delivery.ts";
import type { DesiredState, DesiredToken } from "../model/desired.ts";
import { ownerOf, type TokenId, type UserId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { Place } from "../support/place.ts";
import { renewalReason, rotatesAt } from "./renewal.ts";

export type TokenStanding =
  /** It lives as declared: nothing on the server says that its secret did not arrive. */
  | "in-order"
  /** Declared without a sink: somebody else has its secret. */
  | "adopted"
  /** The next apply gives it a new secret: it is near its end, or expires earlier than declared. */
  | "due"
  /** Its secret was not delivered, or has ended. */
  | "undelivered"
  /** Declared, and not on the server. */
  | "missing"
  /** The annotation leaves it alone. */
  | "ignored"
  | "undeclared"
  /** It lives, and its manifest says that it must not. */
  | "unwanted";

/** Whether the owner can log in, without which none of its tokens can; missing: it is not on the server. */
export type OwnerStanding = "usable" | "unusable" | "missing";

export interface TokenRow {
  readonly token: TokenId;
  readonly owner: UserId;
  readonly ownerStanding: OwnerStanding;
  /** Undefined where it does not live. Seconds since the epoch, 0 is never. */
  readonly expire?: Expiry;
  /** Of one with a lifetime. */
  readonly rotatesAt?: number;
  readonly standing: TokenStanding;
  readonly sinks: readonly { readonly sink: string; readonly place: string }[];
  readonly source?: Place;
}

/** Every live and every declared token, by its id. */
export function listTokens(
  desired: DesiredState,
  { state }: LiveState,
  nowSeconds: number,
): readonly TokenRow[] {
  const declared = [...desired.tokens.values()].filter(
    ({ id, ensure }) => ensure === "present" || state.tokens.has(id),
  );
  const ids = new Set([...declared.map(({ id }) => id), ...state.tokens.keys()]);
  return sortedBy(ids, (id) => id).map((id) => {
    const token = desired.tokens.get(id);
    const live = state.tokens.get(id);
    return {
      token: id,
      owner: ownerOf(id),
      ownerStanding: ownerStandingOf(state.users.get(ownerOf(id)), nowSeconds),
      ...(live && { expire: live.expire }),
      ...rotationOf(token, live),
      standing: standingOf(token, live, nowSeconds),
      sinks: (token?.deliveries ?? []).map((one) => ({ sink: one.sink.name, place: wordDelivery(one) })),
      ...(token && { source: token.source }),
    };
  });
}

function ownerStandingOf(owner: User | undefined, nowSeconds: number): OwnerStanding {
  if (owner === undefined) return "missing";
  return owner.enabled && (owner.expire === 0 || owner.expire > nowSeconds) ? "usable" : "unusable";
}

function rotationOf(
  token: DesiredToken | undefined,
  live: Token | undefined,
): { readonly rotatesAt?: number } {
  if (token?.ensure !== "present" || typeof token.expire !== "object" || !live || live.expire === 0)
    return {};
  return { rotatesAt: rotatesAt(token.expire, live.expire) };
}

function standingOf(
  token: DesiredToken | undefined,
  live: Token | undefined,
  nowSeconds: number,
): TokenStanding {
  if (token === undefined) return "undeclared";
  if (token.ensure === "ignored") return "ignored";
  if (token.ensure === "absent") return "unwanted";
  if (live === undefined) return "missing";
  const reason = renewalReason(token, live, { nowSeconds, asked: new Set(), notInSink: new Set() });
  if (reason === "undelivered") return "undelivered";
  if (reason !== undefined) return "due";
  return token.deliveries.length === 0 ? "adopted" : "in-order";
}
