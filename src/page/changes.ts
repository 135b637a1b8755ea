// The changes of a plan, a kind at a time, as the text of a plan groups them.

import type { KeptPlan } from "../daemon/kept-plan.ts";
import { wordFields } from "../render/values.ts";
import { kindTitles, marks, wordPlace } from "../render/words.ts";
import { html, type Content } from "./html.ts";
import { code } from "./table.ts";

type Changes = NonNullable<KeptPlan["changes"]>;
type Outcome = NonNullable<KeptPlan["outcomes"]>[number];

interface Numbered {
  readonly change: Changes[number];
  readonly outcome: Outcome | undefined;
}

export function changeGroups({ changes = [], outcomes = [] }: KeptPlan): Content {
  const byChange = new Map(outcomes.map((outcome) => [outcome.change, outcome]));
  const all = changes.map((change, at) => ({ change, outcome: byChange.get(at) }));
  return Object.entries(kindTitles).map(([kind, title]) => {
    const ofKind = all.filter(({ change }) => change.kind === kind);
    if (ofKind.length === 0) return "";
    return html`<h3>${title} <small>${ofKind.length}</small></h3>
      <ul class="changes">
        ${ofKind.map(changeEntry)}
      </ul>`;
  });
}

/** `2 to create`, `1 to delete`: those that there are any of. */
export function wordActions(counts: Readonly<Record<Changes[number]["action"], number>>): readonly string[] {
  const actions = ["create", "update", "delete"] as const;
  return actions.flatMap((action) => (counts[action] === 0 ? [] : [`${counts[action]} to ${action}`]));
}

function changeEntry({ change, outcome }: Numbered): Content {
  const { action, name, held, source } = change;
  const fields = wordFields(change, "brief").map(
    ({ field, words }) =>
      html`<div>
        <dt>${field}</dt>
        <dd>${words}</dd>
      </div>`,
  );
  return html`<li class="${action}">
    <p>
      <span class="mark-of">${marks[action]} <span class="spoken">${action}</span></span>
      ${code(name)}
      ${held ? html`<span class="word warn">held</span>` : ""}${outcomeOf(outcome)}${source === undefined ? "" : html`<small>${wordPlace({ ...source, column: 1 })}</small>`}
    </p>
    ${fields.length === 0 ? "" : html`<dl class="fields">${fields}</dl>`}${outcome?.error === undefined ? "" : html`<p class="ground">${outcome.error}</p>`}
  </li>`;
}

const outcomeWords: Readonly<Record<Outcome["status"], { readonly word: string; readonly tone: string }>> = {
  applied: { word: "applied", tone: "good" },
  failed: { word: "failed", tone: "bad" },
  "not-attempted": { word: "not attempted", tone: "warn" },
  unconfirmed: { word: "unconfirmed", tone: "bad" },
};

function outcomeOf(outcome: Outcome | undefined): Content {
  if (outcome === undefined) return "";
  const { word, tone } = outcomeWords[outcome.status];
  return html`<span class="word ${tone}">${word}</span>`;
}
