import type { SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import type { KubernetesSecretSinkSettings } from "../model/target.ts";
import { secretFrom } from "./delivered.ts";
import { deliveryText, isVariableName } from "./delivery-text.ts";
import {
  fieldManager,
  openSecretClient,
  type AppliedSecret,
  type LiveSecret,
  type Reply,
  type SecretClient,
} from "./kubernetes-client.ts";
import { wordReply } from "./kubernetes-words.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";
import type { Sink, SinkSurroundings } from "./sink.ts";

const standIn = new Secret("00000000-0000-0000-0000-000000000000");
/** Somebody else changed the Secret between reading and applying: that many times it is read again. */
const attempts = 5;

/** Keys of one Secret of a Kubernetes cluster. */
export const kubernetesSink: Sink<KubernetesSecretSinkSettings> = {
  prove: (sink, delivery, owner, surroundings) => {
    const text = deliveryText(delivery, { ...owner, secret: standIn });
    return applyKey(sink, delivery, { text, effect: "dry-run" }, surroundings);
  },
  deliver: (sink, delivery, issued, surroundings) => {
    const text = deliveryText(delivery, issued);
    return applyKey(sink, delivery, { text, effect: "write" }, surroundings);
  },
  readBack: async (sink, delivery, owner, surroundings) => {
    const opened = await openSecretClient(sink, surroundings);
    if (!opened.ok) return { kind: "unknown", message: `sink ${sink.name} ${opened.words}` };
    const reply = await opened.client.read();
    if (isMissing(reply)) return { kind: "not-held", message: `${wordsOf(sink, delivery)} is not there` };
    if (reply.kind !== "ok") return { kind: "unknown", message: wordReply(sink, "get", reply) };
    const held = reply.value.data?.[delivery.as];
    if (held === undefined) return { kind: "not-held", message: `${wordsOf(sink, delivery)} is not there` };
    const secret = secretFrom(Buffer.from(held, "base64").toString("utf8"), delivery, owner);
    if (secret.ok) return { kind: "held", secret: secret.value };
    return { kind: "not-held", message: `${wordsOf(sink, delivery)} ${secret.problem}` };
  },
};

interface Wanted {
  readonly text: Secret;
  readonly effect: "dry-run" | "write";
}

async function applyKey(
  sink: KubernetesSecretSinkSettings,
  delivery: SecretDelivery,
  wanted: Wanted,
  surroundings: SinkSurroundings,
): Promise<Resolved<string>> {
  if (delivery.format === "env" && !isVariableName(delivery.key)) {
    const message = `sink ${sink.name}: ${JSON.stringify(delivery.key)} can't name a variable`;
    return unresolved("sink-key-invalid", message);
  }
  const opened = await openSecretClient(sink, surroundings);
  if (!opened.ok) return unresolved(opened.code, `sink ${sink.name} ${opened.words}`);
  for (let attempt = 1; ; attempt++) {
    const reply = await applyOnce(sink, delivery, wanted, opened.client);
    if (reply.kind === "ok") return resolved(wordsOf(sink, delivery));
    if (!isOutdated(reply) || attempt === attempts) {
      return unresolved("sink-unwritable", wordReply(sink, "verb" in reply ? reply.verb : "patch", reply));
    }
  }
}

type Applied = Reply<LiveSecret> & { readonly verb?: "get" };

/**
 * One key changes. The server takes an apply for the manager's whole will and drops the keys that are missing from it,
 * so the others that are Rolecall's go along as they are; the version says whether they still are.
 */
async function applyOnce(
  sink: KubernetesSecretSinkSettings,
  { as }: SecretDelivery,
  { text, effect }: Wanted,
  client: SecretClient,
): Promise<Applied> {
  const live = await client.read();
  if (live.kind !== "ok" && !isMissing(live)) return { ...live, verb: "get" };
  const value = Buffer.from(text.reveal(), "utf8").toString("base64");
  return await client.apply(
    fieldsWith(sink.secret, live.kind === "ok" ? live.value : undefined, { [as]: value }),
    effect,
  );
}

function fieldsWith(
  name: string,
  live: LiveSecret | undefined,
  changed: Readonly<Record<string, string>>,
): AppliedSecret {
  const resourceVersion = live?.metadata?.resourceVersion;
  const own = live === undefined ? [] : keysOf(live);
  const kept = own.flatMap((key) => {
    const value = live?.data?.[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, ...(resourceVersion !== undefined && { resourceVersion }) },
    data: { ...Object.fromEntries(kept), ...changed },
  };
}

/** The keys that this manager applied, by what the server keeps of it: `f:data` holds an `f:KEY` for each. */
function keysOf({ metadata }: LiveSecret): readonly string[] {
  return (metadata?.managedFields ?? [])
    .filter(({ manager, operation }) => manager === fieldManager && operation === "Apply")
    .flatMap(({ fieldsV1 }): string[] => {
      const fields: unknown = fieldsV1;
      if (typeof fields !== "object" || fields === null || !("f:data" in fields)) return [];
      const keys = fields["f:data"];
      return typeof keys === "object" && keys !== null ? Object.keys(keys) : [];
    })
    .filter((field) => field.startsWith("f:"))
    .map((field) => field.slice(2));
}

function isMissing(reply: Reply<LiveSecret>): boolean {
  return reply.kind === "refused" && reply.status === 404;
}

/** The server says both with 409: that the version is not the latest, and that a key is another manager's. */
function isOutdated(reply: Reply<LiveSecret>): boolean {
  return (
    reply.kind === "refused" &&
    reply.status === 409 &&
    !JSON.stringify(reply.body ?? "").includes("FieldManagerConflict")
  );
}

function wordsOf({ namespace, secret }: KubernetesSecretSinkSettings, { as }: SecretDelivery): string {
  return `key ${as} of secret ${namespace}/${secret}`;
}
