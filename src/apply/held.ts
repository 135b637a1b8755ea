// Whether the sinks of tokens hold a secret that the server takes.

import type { Expiry, User } from "../model/access-state.ts";
import { wordDelivery, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import type { DesiredState, DesiredToken } from "../model/desired.ts";
import { ownerOf, type TokenId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { HeldByToken, SinkState } from "../model/sink-state.ts";
import type { Selector } from "../plan/select.ts";
import type { ProbeClient } from "../proxmox/acceptance.ts";
import type { HeldSecret } from "../secrets/sink.ts";
import { mapBounded } from "../support/concurrency.ts";

export interface SinkReader {
  readonly probe: Pick<ProbeClient, "token">;
  readonly readSink: (delivery: SecretDelivery, owner: SecretOwner) => Promise<HeldSecret>;
}

/** Into which sinks to look. Those of tokens with `repair: reissue` are looked into in any case. */
export type SinkLook =
  | { readonly kind: "repaired" }
  | { readonly kind: "all" }
  /**
   * What was seen before stands, but where it was not looked, and where a secret was missing: to look again asks the server
   * nothing while it still is.
   */
  | { readonly kind: "known"; readonly held: HeldByToken };

export interface LookQuestion {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly nowSeconds: number;
  readonly look: SinkLook;
  /** Only these are looked at; all where undefined. */
  readonly only: readonly Selector[] | undefined;
}

/** A refused secret takes three seconds (PVE delays every 401), and many at once look like an attack. */
export const parallelLogins = 4;

/** What the sinks of declared tokens hold, of those that a right secret could log in as. Throws ApiError where the server can't be asked. */
export async function heldByTokens(
  { desired, live: { state }, nowSeconds, look, only }: LookQuestion,
  reader: SinkReader,
  signal: AbortSignal,
): Promise<HeldByToken> {
  const usable = [...desired.tokens.values()].filter(
    ({ id, ensure, deliveries }) =>
      ensure === "present" &&
      deliveries.length > 0 &&
      // A refusal says that the secret is wrong only where a right one would be taken.
      mayLogIn(state.tokens.get(id), nowSeconds) &&
      mayLogIn(state.users.get(ownerOf(id)), nowSeconds) &&
      isChosen("Token", id, only),
  );
  const held = await mapBounded(
    usable,
    parallelLogins,
    async (token): Promise<readonly [TokenId, readonly SinkState[] | undefined]> => [
      token.id,
      isLookedAt(token, look) ? await heldBySinks(token, reader, signal) : before(token, look),
    ],
  );
  return new Map(held.flatMap(([id, states]) => (states === undefined ? [] : [[id, states] as const])));
}

function isLookedAt({ id, repair }: DesiredToken, look: SinkLook): boolean {
  if (repair === "reissue" || look.kind === "all") return true;
  return look.kind === "known" && (look.held.get(id)?.some(({ state }) => state === "missing") ?? true);
}

function before({ id }: DesiredToken, look: SinkLook): readonly SinkState[] | undefined {
  return look.kind === "known" ? look.held.get(id) : undefined;
}

/** One state a sink. Throws ApiError where the server can't be asked. */
export async function heldBySinks(
  { id, deliveries }: Pick<DesiredToken, "id" | "deliveries">,
  { probe, readSink }: SinkReader,
  signal: AbortSignal,
): Promise<readonly SinkState[]> {
  const states: SinkState[] = [];
  for (const delivery of deliveries) {
    const head = { sink: delivery.sink.name, place: wordDelivery(delivery) };
    const held = await readSink(delivery, { kind: "token", tokenId: id });
    switch (held.kind) {
      case "held":
        states.push({ ...head, state: await probe.token(id, held.secret, signal) });
        break;
      case "not-held":
        states.push({ ...head, state: "missing", message: held.message });
        break;
      case "unknown":
        states.push({ ...head, state: "unknown", message: held.message });
        break;
    }
  }
  return states;
}

export function mayLogIn(
  object: (Pick<User, "expire"> & { readonly enabled?: boolean; readonly expire: Expiry }) | undefined,
  nowSeconds: number,
): boolean {
  if (object === undefined || object.enabled === false) return false;
  return object.expire === 0 || object.expire > nowSeconds;
}

export function isChosen(kind: Selector["kind"], id: string, only: readonly Selector[] | undefined): boolean {
  return only?.some((selector) => selector.kind === kind && selector.name === id) ?? true;
}
