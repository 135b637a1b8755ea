import type { AccessState } from "../model/access-state.ts";
import type { SecretDelivery } from "../model/desired.ts";
import type { AuthId, TokenId, UserId } from "../model/ids.ts";
import type { Secret, SecretReference } from "../model/secret.ts";
import type { Operation, RequestShape, Write } from "../plan/plan.ts";
import type { WriteClient } from "../proxmox/write.ts";
import type { Resolved } from "../secrets/resolved.ts";
import type { Clock } from "../support/clock.ts";

/** Everything through which applying a plan touches the world. */
export interface Doors {
  readonly write: WriteClient;
  /** Who writes, and the identity that needs no permission. */
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** The live state now: asked when an answer was lost, and from time to time. Throws ApiError. */
  readonly readBack: (signal: AbortSignal) => Promise<AccessState>;
  readonly requestFor: (write: Write) => RequestShape;
  readonly secretFor: (reference: SecretReference) => Promise<Resolved<Secret>>;
  readonly proveSink: (delivery: SecretDelivery) => Promise<Resolved<string>>;
  readonly deliver: (
    delivery: SecretDelivery,
    issued: { readonly tokenId: TokenId; readonly secret: Secret },
  ) => Promise<Resolved<string>>;
  readonly clock: Clock;
  /** Called before each operation. */
  readonly onProgress: (done: number, total: number, operation: Operation) => void;
  /** Called where somebody else changed the server during the apply, with what they changed: nothing more is written. */
  readonly onMoved: (moves: readonly string[]) => void;
}
