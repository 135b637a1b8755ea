import type { AccessState, RealmOptions } from "../model/access-state.ts";
import type { Issued, SecretDelivery, SecretOwner } from "../model/delivery.ts";
import type { AuthId, RealmId, UserId } from "../model/ids.ts";
import type { Secret, SecretReference } from "../model/secret.ts";
import type { Operation, RequestShape, Write } from "../plan/plan.ts";
import type { WriteClient } from "../proxmox/write.ts";
import type { Resolved } from "../secrets/resolved.ts";
import type { Clock } from "../support/clock.ts";
import type { AuditLog } from "./audit.ts";

/** Everything through which applying a plan touches the world. */
export interface Doors {
  readonly write: WriteClient;
  /** Who writes, and the identity that needs no permission. */
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** The live state now: asked when an answer was lost, and from time to time. Throws ApiError. */
  readonly readBack: (signal: AbortSignal) => Promise<AccessState>;
  /** What a realm is set to now, and the digest that a change of it is sent with; undefined where it can't be seen. Throws ApiError. */
  readonly readRealm: (
    realm: { readonly id: RealmId; readonly type: string },
    signal: AbortSignal,
  ) => Promise<{ readonly options: RealmOptions; readonly digest: string } | undefined>;
  readonly requestFor: (write: Write) => RequestShape;
  readonly secretFor: (reference: SecretReference) => Promise<Resolved<Secret>>;
  readonly proveSink: (delivery: SecretDelivery, owner: SecretOwner) => Promise<Resolved<string>>;
  readonly deliver: (delivery: SecretDelivery, issued: Issued) => Promise<Resolved<string>>;
  /** After a new secret for the caller's own token: reads its source again and proves what it holds by one request. */
  readonly renewCaller: (signal: AbortSignal) => Promise<Resolved<string>>;
  readonly audit: AuditLog;
  /** A new random password. */
  readonly generatePassword: (length: number) => Secret;
  /** How many characters a password may have on a server of that release. */
  readonly passwordLengths: (version: string) => { readonly minimum: number; readonly maximum: number };
  readonly clock: Clock;
  /** Called before each operation. */
  readonly onProgress: (done: number, total: number, operation: Operation) => void;
  /** Called where somebody else changed the server during the apply, with what they changed: nothing more is written. */
  readonly onMoved: (moves: readonly string[]) => void;
}
