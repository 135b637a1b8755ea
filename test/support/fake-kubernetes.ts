// A small Kubernetes API on loopback: the Secrets of one namespace, with server-side apply as the real one does it: a
// manager's apply is its whole will, a key of another manager's is a conflict, a stale version too.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tlsFile } from "./api-server.ts";

interface Fields {
  readonly data: Readonly<Record<string, string>>;
  /** Key to manager. */
  readonly owners: Readonly<Record<string, string>>;
  readonly version: number;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface FakeKubernetes {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly secrets: Map<string, Fields>;
  /** Verbs that answer 403. */
  readonly forbidden: Set<string>;
  /** Called before each apply is judged. */
  beforeApply: () => void;
  readonly close: () => Promise<void>;
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

export async function startKubernetes(scheme: "http" | "https" = "http"): Promise<FakeKubernetes> {
  const asked: Asked[] = [];
  const secrets = new Map<string, Fields>();
  const forbidden = new Set<string>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://cluster");
      const one: Asked = {
        method: request.method ?? "",
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        contentType: request.headers["content-type"],
        authorization: request.headers.authorization,
        body,
      };
      asked.push(one);
      if (one.method === "PATCH") fake.beforeApply();
      const result = respond(one, secrets, forbidden);
      const isRefused = "code" in result;
      response.writeHead(isRefused ? result.code : 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(
          isRefused ? { kind: "Status", apiVersion: "v1", status: "Failure", ...result } : result,
        ),
      );
    });
  };
  const tls = { cert: tlsFile("signed.pem"), key: tlsFile("signed.key") };
  const server: Server = scheme === "https" ? createTlsServer(tls, answer) : createServer(answer);
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  // Proof: a server that listens on a TCP port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const fake: FakeKubernetes = {
    url: `${scheme}://127.0.0.1:${port}`,
    asked,
    secrets,
    forbidden,
    beforeApply: () => undefined,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function respond(
  { method, path, query, body }: Asked,
  secrets: Map<string, Fields>,
  forbidden: ReadonlySet<string>,
): object | Refusal {
  const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets\/([^/]+)$/u.exec(path) ?? [];
  if (name === undefined) return { code: 404, reason: "NotFound", message: "no such path" };
  const verb = method === "GET" ? "get" : "patch";
  const isNew = !secrets.has(name);
  for (const needed of verb === "patch" && isNew ? ["patch", "create"] : [verb]) {
    if (!forbidden.has(needed)) continue;
    const who = 'User "system:serviceaccount:apps:rolecall"';
    return {
      code: 403,
      reason: "Forbidden",
      message: `secrets "${name}" is forbidden: ${who} cannot ${needed} resource "secrets" in API group "" in the namespace "${namespace}"`,
    };
  }
  if (namespace !== "apps" && verb === "patch") {
    return { code: 404, reason: "NotFound", message: `namespaces "${namespace}" not found` };
  }
  const live = secrets.get(name);
  if (verb === "get") {
    return live
      ? shown(name, live)
      : { code: 404, reason: "NotFound", message: `secrets "${name}" not found` };
  }
  return applied(name, live, { query, body }, secrets);
}

function applied(
  name: string,
  live: Fields | undefined,
  { query, body }: Pick<Asked, "query" | "body">,
  secrets: Map<string, Fields>,
): object | Refusal {
  const manager = query["fieldManager"] ?? "";
  // Proof: the test's own client sent it, and the assertions below look at what matters.
  const wanted = JSON.parse(body) as { metadata: { resourceVersion?: string }; data: Record<string, string> };
  if (
    wanted.metadata.resourceVersion !== undefined &&
    wanted.metadata.resourceVersion !== String(live?.version)
  ) {
    return {
      code: 409,
      reason: "Conflict",
      message: `Operation cannot be fulfilled on secrets "${name}": the object has been modified`,
    };
  }
  const before = live ?? { data: {}, owners: {}, version: 0 };
  for (const [key, value] of Object.entries(wanted.data)) {
    const owner = before.owners[key];
    if (owner === undefined || owner === manager || before.data[key] === value) continue;
    return {
      code: 409,
      reason: "Conflict",
      message: `Apply failed with 1 conflict: conflict with "${owner}" using v1: .data.${key}`,
      ...{ details: { causes: [{ reason: "FieldManagerConflict", field: `.data.${key}` }] } },
    };
  }
  const kept = Object.entries(before.data).filter(
    ([key]) => before.owners[key] !== manager || Object.hasOwn(wanted.data, key),
  );
  const data = { ...Object.fromEntries(kept), ...wanted.data };
  const owners = Object.fromEntries(
    Object.keys(data).map((key) => [
      key,
      Object.hasOwn(wanted.data, key) ? manager : (before.owners[key] ?? ""),
    ]),
  );
  const after = { data, owners, version: before.version + 1 };
  if (query["dryRun"] !== "All") secrets.set(name, after);
  return shown(name, after);
}

function shown(name: string, { data, owners, version }: Fields): object {
  const managers = [...new Set(Object.values(owners))];
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: {
      name,
      namespace: "apps",
      resourceVersion: String(version),
      managedFields: managers.map((manager) => ({
        manager,
        operation: manager.startsWith("kubectl") ? "Update" : "Apply",
        apiVersion: "v1",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:data": Object.fromEntries(
            Object.keys(owners)
              .filter((key) => owners[key] === manager)
              .map((key) => [`f:${key}`, {}]),
          ),
        },
      })),
    },
    data,
  };
}

/** A kubeconfig for it; as JSON, which is YAML. */
export function kubeconfigFor(
  server: string,
  also: { readonly cluster?: object; readonly user?: object; readonly current?: string } = {},
): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": also.current ?? "here",
    clusters: [{ name: "c", cluster: { server, ...also.cluster } }],
    users: [{ name: "u", user: { token: "cluster-token", ...also.user } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
  });
}
