import type { Issued, SecretDelivery, SecretOwner } from "../model/delivery.ts";
import type { Secret } from "../model/secret.ts";
import type { Resolved } from "./resolved.ts";
import type { SecretSurroundings } from "./source.ts";

/** What sinks need of the process around them and of the pass that they are part of. */
export interface SinkSurroundings extends SecretSurroundings {
  /** The target's name. */
  readonly target: string;
}

/** What one kind of sink can do, with its settings. */
export interface Sink<Settings> {
  /** Finds what would keep the secret from arriving, before it exists, and leaves nothing behind. Gives the words for where. */
  readonly prove: (
    settings: Settings,
    delivery: SecretDelivery,
    owner: SecretOwner,
    surroundings: SinkSurroundings,
  ) => Promise<Resolved<string>>;
  /** The secret is there when this resolves, whole, or what was there before still is. Gives the words for where. */
  readonly deliver: (
    settings: Settings,
    delivery: SecretDelivery,
    issued: Issued,
    surroundings: SinkSurroundings,
  ) => Promise<Resolved<string>>;
  readonly readBack: (
    settings: Settings,
    delivery: SecretDelivery,
    owner: SecretOwner,
    surroundings: SinkSurroundings,
  ) => Promise<HeldSecret>;
}

/** What a sink holds for an owner. */
export type HeldSecret =
  | { readonly kind: "held"; readonly secret: Secret }
  | { readonly kind: "not-held"; readonly message: string }
  /** Something else is in its place that no delivery replaces; the message says what to do about it. */
  | { readonly kind: "occupied"; readonly message: string }
  /** Nobody can say: the sink only takes, or does not answer. */
  | { readonly kind: "unknown"; readonly message: string };
