import type { SecretDelivery } from "../model/delivery.ts";
import type { TokenId } from "../model/ids.ts";
import type { Write } from "../plan/plan.ts";
import type { ApiError } from "../proxmox/api-error.ts";
import { isGone } from "../proxmox/known-words.ts";

/** What became of one operation. `ends`: nothing more can be tried on this target. */
export type Result =
  | { readonly kind: "done" }
  | {
      readonly kind: "failed";
      readonly error: string;
      readonly ends: boolean;
      readonly written?: true;
      /** The node was cut off from its cluster: another one may do it, if it shows the same. */
      readonly cutOff?: true;
    }
  | { readonly kind: "unconfirmed"; readonly error: string; readonly ends: boolean };

export const done: Result = { kind: "done" };

export function failed(error: string): Result {
  return { kind: "failed", error, ends: false };
}

/** The server did it, and what had to follow did not work. */
export function failedAfterwards(error: string): Result {
  return { kind: "failed", error, ends: false, written: true };
}

/** Of a token whose secret nobody has: its expiry is how the next pass knows, where a manifest says when it should end. */
export const untilNext =
  "the token ends within the hour, and the next apply issues a new one (where its expire is unmanaged, rolecall tokens rotate does)";

/** No answer says whether it happened. */
export function isLost({ kind }: ApiError): boolean {
  return kind === "ambiguous" || kind === "malformed";
}

/** The server, or the line before anything was sent, said no. */
export function refusalOf(error: ApiError, write: Write): Result {
  if (isDelete(write) && isGone(error)) return done;
  const cutOff = error.kind === "cut-off" && { cutOff: true as const };
  return { kind: "failed", error: wordsOf(error), ends: isOver(error), ...cutOff };
}

/** Whatever else would be sent fares the same. */
export function isOver({ kind }: ApiError): boolean {
  return kind === "unreachable" || kind === "tls" || kind === "unauthenticated" || kind === "cut-off";
}

function isDelete({ kind }: Write): boolean {
  return (
    kind === "delete-user" ||
    kind === "delete-group" ||
    kind === "delete-role" ||
    kind === "delete-token" ||
    kind === "delete-pool" ||
    kind === "delete-realm" ||
    kind === "delete-sync-job"
  );
}

/** A token that gets a secret, and where that goes. */
export interface Issue {
  readonly kind: "token";
  readonly tokenId: TokenId;
  readonly deliveries: readonly SecretDelivery[];
}

/** What a write of a token's secret is about; undefined where it makes none. */
export function issueOf(write: Write): Issue | undefined {
  if (write.kind === "create-token")
    return { kind: "token", tokenId: write.token.id, deliveries: write.deliveries };
  if (write.kind === "reissue-token")
    return { kind: "token", tokenId: write.id, deliveries: write.deliveries };
  return undefined;
}

export function wordsOf(error: ApiError): string {
  const parameters = Object.entries(error.parameters).map(([name, words]) => `${name}: ${words}`);
  return [error.words, ...parameters].join("; ");
}
