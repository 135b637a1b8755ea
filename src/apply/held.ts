// Whether the sinks of a token hold a secret that the server takes.

import { wordDelivery, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import type { DesiredToken } from "../model/desired.ts";
import type { ProbeClient } from "../proxmox/acceptance.ts";
import type { HeldSecret } from "../secrets/sink.ts";

export interface SinkReader {
  readonly probe: Pick<ProbeClient, "token">;
  readonly readSink: (delivery: SecretDelivery, owner: SecretOwner) => Promise<HeldSecret>;
}

export interface SinkState {
  readonly sink: string;
  /** Where in it, in words. */
  readonly place: string;
  readonly state:
    /** Its secret logs in. */
    | "accepted"
    /** It holds one that the server refuses. */
    | "refused"
    | "missing"
    /** It only takes, or does not answer. */
    | "unknown";
  /** Why it is not known, or what is missing. */
  readonly message?: string;
  /** Something else is in its place that no delivery replaces. */
  readonly occupied?: true;
}

/** There is none, or one that the server refuses. What is not known is not lost. */
export function isLost({ state }: Pick<SinkState, "state">): boolean {
  return state === "missing" || state === "refused";
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
      case "occupied":
        states.push({ ...head, state: "missing", message: held.message, occupied: true });
        break;
      case "unknown":
        states.push({ ...head, state: "unknown", message: held.message });
        break;
    }
  }
  return states;
}
