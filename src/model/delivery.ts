// In: sinks of a target. Out: where one secret goes, and the words for it. Must not know: the secret, how it gets there.

import { join } from "node:path";
import type { TokenId, UserId } from "./ids.ts";
import type { Place } from "../support/place.ts";
import type { Secret } from "./secret.ts";
import type { SinkSettings } from "./target.ts";

/** How a secret is written: the secret alone, a line that a shell can source, or its parts by name. */
export type SecretFormat = "env" | "json" | "raw";

/** One sink that a secret goes to. */
export interface SecretDelivery {
  readonly sink: SinkSettings;
  /**
   * Where in the sink: a path below the folder of `file` and `age`, the key of `kubernetesSecret`, what `exec` hands to
   * its program as the name.
   */
  readonly as: string;
  readonly format: SecretFormat;
  /** The variable of format `env`. */
  readonly key: string;
  /** Where a manifest names it. */
  readonly source?: Place;
}

/** Whose secret it is. */
export type SecretOwner =
  | { readonly kind: "token"; readonly tokenId: TokenId }
  | { readonly kind: "password"; readonly userId: UserId };

/** A secret that came to be just now. */
export type Issued = SecretOwner & { readonly secret: Secret };

export function ownerIdOf(owner: SecretOwner): TokenId | UserId {
  return owner.kind === "token" ? owner.tokenId : owner.userId;
}

/** The file that a delivery writes, joined with its sink's folder; undefined where it writes none. */
export function fileOf({ sink, as }: SecretDelivery): string | undefined {
  return sink.kind === "file" || sink.kind === "age" ? join(sink.dir, as) : undefined;
}

/** Equal for two deliveries exactly where the second would replace what the first delivered; also its words. */
export function wordDelivery({ sink, as }: SecretDelivery): string {
  switch (sink.kind) {
    case "file":
    case "age":
      return join(sink.dir, as);
    case "exec":
      return `${[sink.command, ...sink.args].join(" ")}: ${as}`;
    case "kubernetesSecret": {
      const cluster = [sink.kubeconfig, sink.context].flatMap((part) => part ?? []).join(" ");
      return `secret ${sink.namespace}/${sink.secret}, key ${as}${cluster === "" ? "" : ` (${cluster})`}`;
    }
  }
}
