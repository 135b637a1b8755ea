// The explorer: who can do what, and why.

import type { AskedQuestion, Askers, Reply } from "../daemon/pages.ts";
import type { StatusDocument } from "../daemon/status.ts";
import { pve } from "../model/pve.ts";
import { answerPart } from "./answer.ts";
import { html, type Content } from "./html.ts";
import { page } from "./layout.ts";
import { code } from "./table.ts";
import { inFull } from "./time.ts";

export function accessPage(status: StatusDocument, asked: AskedQuestion, reply: Reply): string {
  const body = [
    html`<h1>Who can do what</h1>`,
    form(status, asked, reply),
    html`<div class="answer">${replyPart(reply, asked, status.now)}</div>`,
  ];
  return page({ title: "Who can do what", place: "access", body }, status);
}

interface Field {
  readonly name: "subject" | "privilege" | "path";
  readonly label: string;
  readonly example: string;
  readonly list?: string;
}

const fields: readonly Field[] = [
  { name: "subject", label: "Who", example: "joe@pve or ci@pve!deploy" },
  { name: "privilege", label: "Can do", example: "VM.PowerMgmt", list: "privileges" },
  { name: "path", label: "Where", example: "/vms/100" },
];

function form({ targets }: StatusDocument, asked: AskedQuestion, reply: Reply): Content {
  const options = targets.map(
    ({ name }) => html`<option${name === asked.target ? html` selected` : ""}>${name}</option>`,
  );
  return html`<form class="question" method="get" action="/access">
      <div>
        <label for="target">On</label
        ><select id="target" name="target">
          ${options}
        </select>
      </div>
      ${fields.map((field) => fieldPart(field, asked, reply))}
      <datalist id="privileges">
        ${[...pve.privileges].map((name) => html`<option value="${name}"></option>`)}
      </datalist>
      <button type="submit">Ask</button>
    </form>
    <p class="hint" id="how">
      Somebody alone: everything they may do. Somebody and a path: what they may do there. A privilege and a
      path: who can. All three: whether, and why.
    </p>`;
}

function fieldPart({ name, label, example, list }: Field, asked: AskedQuestion, reply: Reply): Content {
  const isWrong =
    reply.kind === "answered" &&
    reply.answer.kind === "mistakes" &&
    reply.answer.mistakes.some(({ field }) => field === name);
  const described = isWrong
    ? html` aria-invalid="true" aria-describedby="how mistakes"`
    : html` aria-describedby="how"`;
  const listed = list === undefined ? "" : html` list="${list}"`;
  return html`<div>
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      value="${asked[name] ?? ""}"
      placeholder="${example}"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      ${listed}${described}
    />
  </div>`;
}

function replyPart(reply: Reply, asked: AskedQuestion, now: string): Content {
  switch (reply.kind) {
    case "nothing-asked":
      return "";
    case "no-such-target":
      return notice("There is no such target", html`Choose one of those that are declared.`);
    case "not-allowed":
      return notice("Not answered here", refusals[reply.askers]);
    case "not-confirmed":
      return notice(
        "Do you want to ask this?",
        html`Another page sent you here. Press <em>Ask</em> to read the server.`,
      );
    case "busy":
      return notice(
        "Too many questions at once",
        html`The daemon reads a server for some questions a minute only. Ask again in a few seconds.`,
      );
    case "unread":
      return notice(
        "The server could not be read",
        html`${code(reply.error.code)}
        ${reply.error.message}${reply.error.hint === undefined ? "" : html` <small>${reply.error.hint}</small>`}`,
      );
    case "answered": {
      const read = new Date(reply.readMs).toISOString();
      return [
        answerPart(reply.answer, asked.target ?? ""),
        html`<p class="read">
          As ${asked.target ?? ""} (${reply.version}) told ${code(reply.caller)} at ${inFull(read, now)}.
        </p>`,
      ];
    }
  }
}

const refusals: Readonly<Record<Askers, Content>> = {
  local: html`Who can do what is told to this machine only: ask for the page as localhost there, through an
    SSH tunnel or a port that is forwarded, or start the daemon with <code>--answer anyone</code>.`,
  nobody: html`The daemon was started with <code>--answer nobody</code>. <code>rolecall access</code> answers
    where there are credentials.`,
  anyone: "",
};

function notice(title: string, words: Content): Content {
  return html`<section class="notice" aria-labelledby="notice">
    <h2 id="notice">${title}</h2>
    <p>${words}</p>
  </section>`;
}
