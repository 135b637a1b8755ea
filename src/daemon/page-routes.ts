// The routes of the page for people. What is shown is what the status says, and no more but for answers to questions.

import { targetAt, type Answer, type Asked, type Desk, type Route } from "./desk.ts";
import type { AskedQuestion, Reply } from "./pages.ts";
import { statusDocument, targetStatus } from "./status.ts";

export const pageRoutes: readonly Route[] = [
  { path: /^\/$/u, method: "GET", handle: overview },
  { path: /^\/targets\/[^/]+$/u, method: "GET", handle: target },
  { path: /^\/access$/u, method: "GET", handle: access },
  { path: /^\/(?:style\.css|icon\.svg)$/u, method: "GET", handle: file },
];

function overview({ query }: Asked, { state, pages }: Desk): Answer {
  return page(200, pages.overview(statusDocument(state()), query));
}

function target(asked: Asked, { state, pages }: Desk): Answer {
  const now = state();
  const found = targetAt(asked, now);
  const status = statusDocument(now);
  return found === undefined
    ? page(404, pages.missing(status, asked.path.split("/").at(-1) ?? ""))
    : page(200, pages.target(status, targetStatus(found), found.plan));
}

async function access(asked: Asked, desk: Desk): Promise<Answer> {
  const question = questionIn(asked.query);
  const reply = await replyTo(question, asked, desk);
  const body = desk.pages.access(statusDocument(desk.state()), question, reply);
  return { ...page(statuses[reply.kind], body), ...(reply.kind === "busy" && { headers: busyHeaders }) };
}

async function replyTo(question: AskedQuestion, asked: Asked, desk: Desk): Promise<Reply> {
  const { target: name, subject, path, privilege } = question;
  if (subject === undefined && path === undefined && privilege === undefined)
    return { kind: "nothing-asked" };
  const { askers, explorer, state } = desk;
  if (askers === "nobody" || (askers === "local" && !asked.isLocal)) return { kind: "not-allowed", askers };
  if (asked.isSent) return { kind: "not-confirmed" };
  const found = state().targets.find(({ desired }) => desired.target.name === name);
  return found === undefined
    ? { kind: "no-such-target" }
    : await explorer.ask(found.desired, { subject, path, privilege });
}

const statuses: Readonly<Record<Reply["kind"], number>> = {
  "nothing-asked": 200,
  "no-such-target": 404,
  "not-allowed": 403,
  "not-confirmed": 200,
  answered: 200,
  unread: 502,
  busy: 503,
};

function questionIn(query: URLSearchParams): AskedQuestion {
  const word = (name: string): string | undefined => query.get(name)?.trim() || undefined;
  return {
    target: word("target"),
    subject: word("subject"),
    path: word("path"),
    privilege: word("privilege"),
  };
}

function file({ path }: Asked, { pages }: Desk): Answer {
  const found = pages.files.get(path);
  return found === undefined
    ? { status: 404 }
    : { status: 200, type: found.type, body: found.body, headers: pageHeaders };
}

/** Styles and the icon come from here, forms go here, and nothing else is let in or out: no script at all. */
const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

const busyHeaders: Readonly<Record<string, string>> = { ...pageHeaders, "retry-after": "15" };

function page(status: number, body: string): Answer {
  return { status, type: "text/html; charset=utf-8", body, headers: pageHeaders };
}
