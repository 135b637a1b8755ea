// In: a request, and what the daemon knows. Out: an answer. Must not know: sockets. No answer holds a secret, since
// nothing that it is made from does.

import { targetAt, type Answer, type Asked, type Desk, type Route } from "./desk.ts";
import { renderStatus, renderTarget } from "./documents.ts";
import { healthOf, readinessOf, type Verdict } from "./health.ts";
import { pageRoutes } from "./page-routes.ts";

const routes: readonly Route[] = [
  ...pageRoutes,
  { path: /^\/healthz$/u, method: "GET", handle: (_, { state }) => verdictAnswer(healthOf(state())) },
  { path: /^\/readyz$/u, method: "GET", handle: (_, { state }) => verdictAnswer(readinessOf(state())) },
  { path: /^\/metrics$/u, method: "GET", handle: metricsAnswer },
  { path: /^\/api\/v1\/status$/u, method: "GET", handle: (_, { state }) => json(renderStatus(state())) },
  { path: /^\/api\/v1\/targets\/[^/]+$/u, method: "GET", handle: targetAnswer },
  { path: /^\/-\/reload$/u, method: "POST", handle: reload },
];

export async function answerTo(asked: Asked, desk: Desk): Promise<Answer> {
  const found = routes.filter(({ path }) => path.test(asked.path));
  const [first] = found;
  if (first === undefined) return text(404, "there is nothing here");
  const method = asked.method === "HEAD" ? "GET" : asked.method;
  const route = found.find((one) => one.method === method);
  if (route !== undefined) return await route.handle(asked, desk);
  const allow = first.method === "GET" ? "GET, HEAD" : first.method;
  return { ...text(405, `use ${allow} here`), headers: { allow } };
}

function verdictAnswer({ isWell, words }: Verdict): Answer {
  return text(isWell ? 200 : 503, words);
}

async function metricsAnswer(_: Asked, { metrics }: Desk): Promise<Answer> {
  const { type, text: body } = await metrics.render();
  return { status: 200, type, body };
}

function targetAnswer(asked: Asked, { state }: Desk): Answer {
  const target = targetAt(asked, state());
  return target === undefined ? text(404, "there is no such target") : json(renderTarget(target));
}

async function reload({ isLocal, bearer }: Asked, { onReload, isAllowed }: Desk): Promise<Answer> {
  if (!isLocal && (bearer === undefined || !(await isAllowed(bearer)))) {
    return {
      ...text(401, "a reload from elsewhere needs the token of --reload-token-file, as a bearer token"),
      headers: { "www-authenticate": "Bearer" },
    };
  }
  onReload();
  return text(202, "the manifests are looked at now");
}

function text(status: number, body: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${body}\n` };
}

function json(body: string): Answer {
  return { status: 200, type: "application/json", body };
}
