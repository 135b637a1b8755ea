// Answers about access, with their reasons.

import type { Reply } from "../daemon/pages.ts";
import { wordReason } from "../access/words.ts";
import { countOf } from "../render/count.ts";
import { heldTogether, wordLogIn, wordPrivileges, wordRefusals } from "../render/questions-words.ts";
import { html, type Content } from "./html.ts";
import { questionHref } from "./links.ts";
import { code, list, table } from "./table.ts";

type Answer = Extract<Reply, { readonly kind: "answered" }>["answer"];
type AnswerOf<K extends Answer["kind"]> = Extract<Answer, { readonly kind: K }>;
type Statement = AnswerOf<"access-of">["statements"][number];

/** As many as a page bears. */
const longest = 500;

export function answerPart(answer: Answer, target: string): Content {
  switch (answer.kind) {
    case "mistakes":
      return mistakes(answer);
    case "access-of":
      return [titled(html`What ${code(answer.subject)} may do`, answer), accessOf(answer)];
    case "who-can":
      return [
        titled(html`Who can ${code(answer.privilege)} on ${code(answer.path)}`, answer),
        whoCan(answer, target),
      ];
    case "can":
      return can(answer);
  }
}

function mistakes({ mistakes: all }: AnswerOf<"mistakes">): Content {
  const entries = all.map(
    ({ problem, hint }) => html`${problem}${hint === undefined ? "" : html` <small>${hint}</small>`}`,
  );
  return html`<section class="notice" id="mistakes" aria-labelledby="notice">
    <h2 id="notice">That can't be answered</h2>
    ${list(entries)}
  </section>`;
}

function titled(words: Content, { doubt }: { readonly doubt: string | undefined }): Content {
  return [html`<h2>${words}</h2>`, doubt === undefined ? "" : html`<p class="hint">${doubt}</p>`];
}

function accessOf({ subject, logIn, statements, all, path }: AnswerOf<"access-of">): Content {
  const shown = statements.slice(0, longest);
  const rows = shown.map((statement) => [
    extents[statement.extent](statement.path),
    statementPart(statement, all),
  ]);
  return [
    logInPart(subject, logIn),
    rows.length === 0
      ? html`<p class="none">It holds nothing ${path === undefined ? "anywhere" : "there"}.</p>`
      : table({
          caption: `${countOf(shown.length, "statement")}; each holds for all below until another one is named`,
          columns: ["Where", "What, and why"],
          rows,
        }),
    statements.length > longest
      ? html`<p class="hint">There are ${statements.length - longest} more: name a path.</p>`
      : "",
  ];
}

function logInPart(subject: string, logIn: AnswerOf<"can">["logIn"]): Content {
  if (logIn === "open") return "";
  return html`<p class="hint">
    ${code(subject)} ${wordLogIn(logIn)}, so it can use nothing now; what follows is what it would have.
  </p>`;
}

const extents: Readonly<Record<Statement["extent"], (path: string) => Content>> = {
  "here-and-below": (path) => html`${code(path)} and below`,
  here: (path) => html`${code(path)} itself`,
  below: (path) => html`below ${code(path)}`,
};

function statementPart({ explanation }: Statement, all: AnswerOf<"access-of">["all"]): Content {
  const rows = heldTogether(explanation);
  const held = rows.map(
    ({ privileges, because }) =>
      html`<p class="privileges">${wordPrivileges(privileges, all)}</p>
        ${list(because)}`,
  );
  return [rows.length === 0 ? html`<p class="privileges">nothing</p>` : held, refusalsPart(explanation)];
}

function refusalsPart(explanation: Statement["explanation"]): Content {
  const refusals = wordRefusals(explanation);
  return refusals.length === 0
    ? ""
    : html`<ul class="refusals">
        ${refusals.map((words) => html`<li>${words}</li>`)}
      </ul>`;
}

function whoCan({ holdings, privilege, path }: AnswerOf<"who-can">, target: string): Content {
  if (holdings.length === 0) return html`<p class="none">Nobody.</p>`;
  const shown = holdings.slice(0, longest);
  const rows = shown.map(({ subject, propagate, because }) => [
    html`<a href="${questionHref({ target, subject, privilege, path })}">${code(subject)}</a>`,
    propagate ? "yes" : "no",
    list(because.map(wordReason)),
  ]);
  return [
    table({
      caption: `${countOf(holdings.length, "subject")}; who cannot log in is not among them`,
      columns: ["Who", "Also below it", "Why"],
      rows,
    }),
    holdings.length > longest
      ? html`<p class="hint">
          There ${holdings.length - longest === 1 ? "is" : "are"} ${holdings.length - longest} more:
          <code>rolecall access who-can</code> lists them.
        </p>`
      : "",
  ];
}

function can(answer: AnswerOf<"can">): Content {
  const { subject, logIn, privilege, path, explanation } = answer;
  const held = explanation.privileges.get(privilege);
  const isSo = held !== undefined && logIn === "open";
  const question = html`${code(subject)} ${isSo ? "can" : "can't"} ${code(privilege)} on ${code(path)}`;
  const extent =
    held === undefined ? "" : held.propagate ? " It also holds below." : " It does not hold below.";
  return [
    titled(
      html`<span class="word ${isSo ? "good" : "bad"}">${isSo ? "Yes" : "No"}:</span> ${question}`,
      answer,
    ),
    logInPart(subject, logIn),
    held === undefined
      ? html`<p>No entry that counts gives it.</p>`
      : html`<p>Because:${extent}</p>
          ${list(held.because.map(wordReason))}`,
    refusalsPart(explanation),
  ];
}
