import type { KubernetesSecretSinkSettings } from "../model/target.ts";
import type { Reply } from "./kubernetes-client.ts";

type Verb = "get" | "patch";

/** A refusal in our own words: the server's may quote what it was sent. Only names and codes are taken from it. */
export function wordReply(
  { name, namespace, secret, kubeconfig }: KubernetesSecretSinkSettings,
  verb: Verb,
  reply: Exclude<Reply<unknown>, { readonly kind: "ok" }>,
): string {
  const where = `secret ${namespace}/${secret}`;
  if (reply.kind === "no-answer") {
    return `sink ${name} can't reach the cluster for ${where} (${reply.code}): ${reachAdvice(kubeconfig)}`;
  }
  const message = messageOf(reply.body);
  switch (reply.status) {
    case 401:
      return `sink ${name}: the cluster does not know these credentials (401): ${reachAdvice(kubeconfig)}`;
    case 403: {
      const missing = /cannot (get|create|patch) resource "secrets"/u.exec(message)?.[1] ?? verb;
      return `sink ${name} may not ${missing} ${where} (403): grant get and patch on it, and create on secrets in ${namespace} where it is not there yet; ${missing} on secrets is what is missing`;
    }
    case 404:
      return `sink ${name}: the cluster has no namespace ${namespace} (404): create it first`;
    case 409: {
      const manager = /conflict with "([\w./:@-]{1,128})"/u.exec(message)?.[1];
      return manager === undefined
        ? `sink ${name}: ${where} is changed by others all the time (409)`
        : `sink ${name}: that key of ${where} belongs to ${manager} (409): name another key, or remove it there first`;
    }
    default:
      return `sink ${name}: the cluster refuses to ${verb} ${where} (${reply.status}${reasonOf(reply.body)})`;
  }
}

function reachAdvice(kubeconfig: string | undefined): string {
  return kubeconfig === undefined
    ? "is this the pod's own cluster, and has its service account a token?"
    : `look at the kubeconfig ${kubeconfig}`;
}

function messageOf(body: unknown): string {
  const status = statusOf(body);
  return "message" in status && typeof status.message === "string" ? status.message : "";
}

/** One of the API's own words, as `Invalid`; a sentence would be none. */
function reasonOf(body: unknown): string {
  const status = statusOf(body);
  const reason = "reason" in status ? status.reason : undefined;
  return typeof reason === "string" && /^[A-Z][A-Za-z]{2,40}$/u.test(reason) ? ` ${reason}` : "";
}

/** The client hands the answer over as text or as what the text says. */
function statusOf(body: unknown): object {
  if (typeof body === "object" && body !== null) return body;
  try {
    const read: unknown = JSON.parse(String(body));
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    // No Status: a proxy's page, say. Nothing of it is shown.
    return {};
  }
}
