import type { Place } from "../support/place.ts";
import type { SecretDelivery } from "./delivery.ts";
import type { UserId } from "./ids.ts";
import { wordReference, type ManifestReference } from "./secret.ts";

/** Where a password comes from: somebody else made it, or it is made when it is needed and goes to sinks. */
export type PasswordOrigin =
  | {
      readonly kind: "given";
      readonly from: ManifestReference;
      /** Where a manifest names it. */
      readonly source?: Place;
    }
  | {
      readonly kind: "generated";
      readonly length: number;
      readonly deliveries: readonly SecretDelivery[];
    };

export interface DesiredPassword {
  readonly origin: PasswordOrigin;
  readonly policy: "initial" | "enforce";
}

/** Names the password in a request and holds nothing of it; no two different ones share a name. */
export function wordPassword(origin: PasswordOrigin, user: UserId): string {
  return origin.kind === "given" ? wordReference(origin.from) : `generated for ${user}`;
}
