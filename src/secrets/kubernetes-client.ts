// The one door of the Kubernetes client. Loaded when a sink needs it: it takes longer than everything else together.

import type { CoreV1Api, KubeConfig, ObservableMiddleware, V1Secret } from "@kubernetes/client-node";
import type { KubernetesSecretSinkSettings } from "../model/target.ts";
import { errorCode } from "../support/error-code.ts";
import { isLoopback } from "../support/loopback.ts";
import type { SecretSurroundings } from "./source.ts";

export type LiveSecret = V1Secret;

/** What is asked of a Secret; its values in base64, as the API has them. */
export interface SecretClient {
  readonly read: () => Promise<Reply<LiveSecret>>;
  /** Applies the fields as the manager's whole will, on the server's side; tried only where `dryRun`. */
  readonly apply: (fields: AppliedSecret, effect: "dry-run" | "write") => Promise<Reply<LiveSecret>>;
}

export interface AppliedSecret {
  readonly apiVersion: "v1";
  readonly kind: "Secret";
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly data: Readonly<Record<string, string>>;
}

/** Whose the fields are: what another manager has is not taken from it. */
export const fieldManager = "rolecall";

export type Reply<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** `body`: the server's Status, as it came. */
  | { readonly kind: "refused"; readonly status: number; readonly body: unknown }
  | { readonly kind: "no-answer"; readonly code: string };

/** A client, or why there is none; the reason completes a sentence: "sink NAME REASON". */
export type OpenedClient =
  | { readonly ok: true; readonly client: SecretClient }
  | { readonly ok: false; readonly code: "sink-unwritable" | "exec-off"; readonly words: string };

const timeoutMs = 15_000;

export async function openSecretClient(
  sink: KubernetesSecretSinkSettings,
  surroundings: Pick<SecretSurroundings, "environment" | "allowExec">,
): Promise<OpenedClient> {
  const kubernetes = await import("@kubernetes/client-node");
  const config = new kubernetes.KubeConfig();
  const problem = load(config, sink, surroundings) ?? trustProblem(config, surroundings);
  if (problem !== undefined) return { ok: false, ...problem };
  const bounded: ObservableMiddleware = {
    pre: (request) => {
      request.setSignal(AbortSignal.timeout(timeoutMs));
      return new kubernetes.Observable(Promise.resolve(request));
    },
    post: (response) => new kubernetes.Observable(Promise.resolve(response)),
  };
  const api = config.makeApiClient(kubernetes.CoreV1Api);
  const reading: Options = { middleware: [bounded], middlewareMergeStrategy: "append" };
  const { setHeaderOptions, PatchStrategy } = kubernetes;
  const applying = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply, reading);
  return { ok: true, client: clientOf(api, sink, { reading, applying }) };
}

type Options = NonNullable<Parameters<CoreV1Api["readNamespacedSecret"]>[1]>;

function clientOf(
  api: CoreV1Api,
  { namespace, secret: name }: KubernetesSecretSinkSettings,
  { reading, applying }: { readonly reading: Options; readonly applying: Options },
): SecretClient {
  return {
    read: () => replyOf(api.readNamespacedSecret({ name, namespace }, reading)),
    apply: (body, effect) =>
      replyOf(
        api.patchNamespacedSecret(
          { name, namespace, body, fieldManager, ...(effect === "dry-run" && { dryRun: "All" }) },
          applying,
        ),
      ),
  };
}

interface Problem {
  readonly code: "sink-unwritable" | "exec-off";
  readonly words: string;
}

function load(
  config: KubeConfig,
  { kubeconfig, context }: KubernetesSecretSinkSettings,
  { environment }: Pick<SecretSurroundings, "environment">,
): Problem | undefined {
  if (kubeconfig === undefined) {
    if (environment["KUBERNETES_SERVICE_HOST"] === undefined) {
      return unwritable("names no kubeconfig, and this is no pod of a cluster: name one");
    }
    config.loadFromCluster();
    return undefined;
  }
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    // What a parser says of the file may quote the credentials in it.
    return unwritable(`can't read the kubeconfig ${kubeconfig} (${errorCode(error)})`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() !== null) return undefined;
  return unwritable(
    context === undefined
      ? `finds no current context in the kubeconfig ${kubeconfig}: name one`
      : `finds no context ${JSON.stringify(context)} in the kubeconfig ${kubeconfig}`,
  );
}

function unwritable(words: string): Problem {
  return { code: "sink-unwritable", words };
}

/** A secret goes only to a server that proves who it is; and no program is started that nobody allowed. */
function trustProblem(
  config: KubeConfig,
  { allowExec }: Pick<SecretSurroundings, "allowExec">,
): Problem | undefined {
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const url = cluster && URL.canParse(cluster.server) ? new URL(cluster.server) : undefined;
  if (!cluster || url === undefined) return unwritable("finds no server of a cluster in its kubeconfig");
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    return unwritable(`would send the secret to ${url.origin} in the clear: use https`);
  }
  if (url.protocol === "https:" && cluster.skipTLSVerify) {
    return unwritable("would send the secret to a server that nobody verified (insecure-skip-tls-verify)");
  }
  // The client takes plain http, which is on no line here, only from a kubeconfig that says so twice.
  if (url.protocol === "http:") {
    config.clusters = config.clusters.map((one) => (one === cluster ? { ...one, skipTLSVerify: true } : one));
  }
  const starts = user?.exec !== undefined && user.exec !== null;
  if ((starts || hasProgram(user?.authProvider)) && !allowExec) {
    return {
      code: "exec-off",
      words: "logs in by a program that its kubeconfig names, which is started only with --allow-exec",
    };
  }
  return undefined;
}

/** Providers of old kubeconfigs that start a program for a token. */
function hasProgram(provider: unknown): boolean {
  if (typeof provider !== "object" || provider === null) return false;
  const { name, config }: { readonly name?: unknown; readonly config?: unknown } = provider;
  return (
    name === "exec" ||
    (typeof config === "object" && config !== null && ("cmd-path" in config || "exec" in config))
  );
}

async function replyOf<T>(call: Promise<T>): Promise<Reply<T>> {
  try {
    return { kind: "ok", value: await call };
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "number") {
      return { kind: "refused", status: error.code, body: "body" in error ? error.body : undefined };
    }
    return { kind: "no-answer", code: errorCode(error) };
  }
}
