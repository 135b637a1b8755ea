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

/** Where the secret that they log in with comes from. */
export function secretOf(credentials: Credentials): SecretReference {
  return credentials.kind === "token" ? credentials.secret : credentials.password;
}

/** The token or user that they are of. */
export function holderOf(credentials: Credentials): TextOrEnv {
  return credentials.kind === "token" ? credentials.id : credentials.user;
}

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

/** A finding that a person let pass, as long as it is about exactly this. */
export interface ApprovedFinding {
  readonly code: string;
  readonly digest: string;
}

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
  /** From the annotation `rolecall.dev/approve`. */
  readonly approved: readonly ApprovedFinding[];
}

/** What manifests other than Target may refer to. The folder is already joined with the Target's folder. */
export interface SecretBounds {
  readonly envPrefix: string;
  readonly dir: string;
}

/** A place where secrets of tokens and generated passwords may go. Paths are already joined with the Target's folder. */
export type SinkSettings =
  FileSinkSettings | AgeSinkSettings | ExecSinkSettings | KubernetesSecretSinkSettings;

/** Files below a folder. */
export interface FileSinkSettings {
  readonly kind: "file";
  readonly name: string;
  readonly dir: string;
  /** Permission bits of the files, 0o600 where nothing is said. */
  readonly mode: number;
  readonly owner?: FileOwner;
}

/** Names or numbers, as the system that runs Rolecall knows them. */
export interface FileOwner {
  readonly user?: string;
  readonly group?: string;
}

/** Files below a folder that only the holders of the recipients' keys can read. */
export interface AgeSinkSettings {
  readonly kind: "age";
  readonly name: string;
  readonly dir: string;
  readonly recipients: readonly string[];
}

/** A program that takes the secret on its standard input. No shell is between. */
export interface ExecSinkSettings {
  readonly kind: "exec";
  readonly name: string;
  readonly command: string;
  /** Of a delivery: with what the placeholders stand for. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Variables that it gets beside those that hold no secret. */
  readonly inheritEnv: readonly string[];
}

/** Keys of one Secret of a Kubernetes cluster: of the one that the process runs in where no kubeconfig is named. */
export interface KubernetesSecretSinkSettings {
  readonly kind: "kubernetesSecret";
  readonly name: string;
  readonly namespace: string;
  /** The Secret's name. */
  readonly secret: string;
  readonly kubeconfig?: string;
  readonly context?: string;
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
  readonly sinks: ReadonlyMap<string, SinkSettings>;
  readonly suspend: boolean;
  readonly mode: "enforce" | "observe";
  readonly intervalMs: number;
  readonly source: Place;
}
