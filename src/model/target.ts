// In: ids and references. Out: what a Target manifest says, resolved. Must not know: how it was written.

import type { GlobSet } from "../support/glob.ts";
import type { Place } from "../support/place.ts";
import type { ProductName } from "./product.ts";
import type { SecretReference } from "./secret.ts";

/** A text that stands in the manifest, or in the environment variable that it names. */
export type TextOrEnv = { readonly text: string } | { readonly env: string };

export type Credentials =
  | { readonly kind: "token"; readonly id: TextOrEnv; readonly secret: SecretReference }
  | { readonly kind: "password"; readonly user: TextOrEnv; readonly password: SecretReference };

export interface TlsSettings {
  /** SHA-256 of the server's certificate, upper case pairs joined by `:`. */
  readonly fingerprint?: string;
  /** Absolute, or relative to the working folder: already joined with the Target's folder. */
  readonly caFile?: string;
}

/** Kinds of objects that a target holds and a plan changes. */
export type ObjectKind = "users" | "groups" | "roles" | "acl" | "tokens" | "pools" | "realms";

export type PruneMode = boolean | "disable";

export interface Scope {
  readonly users: GlobSet;
  readonly groups: GlobSet;
  readonly roles: GlobSet;
  readonly tokens: GlobSet;
  readonly pools: GlobSet;
  readonly realms: GlobSet;
  /** Subjects as `user:…`, `group:…`, `token:…`. */
  readonly acl: { readonly paths: GlobSet; readonly subjects: GlobSet };
  /** Realms whose directory objects are in scope all the same. */
  readonly directories: readonly string[];
}

/** A share of the live objects in scope, or a number. */
export type Budget = { readonly percent: number } | { readonly count: number };

export interface Safety {
  readonly maxDeletes: Budget;
  readonly maxRevocations: Budget;
  readonly allowEmpty: readonly ObjectKind[];
  /** Subjects as `user:…`, `group:…`, `token:…`. */
  readonly protect: readonly string[];
  readonly requireAdmin: readonly string[];
  readonly holdEscalations: boolean;
  readonly onFinding: "stop" | "hold";
  /** How long the switch on the target (model/pause.ts) may hold the daemon back. */
  readonly maxPauseMs: number;
}

/** What manifests other than Target may refer to. The folder is already joined with the Target's folder. */
export interface SecretBounds {
  readonly envPrefix: string;
  readonly dir: string;
}

/** A place where token secrets may go. */
export interface FileSinkSettings {
  readonly kind: "file";
  readonly name: string;
  /** Already joined with the Target's folder. */
  readonly dir: string;
}

export interface Target {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly product: ProductName;
  readonly endpoints: readonly TextOrEnv[];
  readonly credentials: Credentials;
  readonly planCredentials?: Credentials;
  readonly tls: TlsSettings;
  readonly prune: Readonly<Record<ObjectKind, PruneMode>>;
  readonly scope: Scope;
  readonly safety: Safety;
  readonly secrets: SecretBounds;
  readonly sinks: ReadonlyMap<string, FileSinkSettings>;
  readonly suspend: boolean;
  readonly mode: "enforce" | "observe";
  readonly intervalMs: number;
  readonly source: Place;
}
