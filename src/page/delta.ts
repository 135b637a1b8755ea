// Who gains and who loses what, those alike in one row.

import type { KeptPlan } from "../daemon/kept-plan.ts";
import { countOf } from "../render/count.ts";
import { html, type Content } from "./html.ts";
import { questionHref } from "./links.ts";
import { code, names, table } from "./table.ts";

type Row = NonNullable<KeptPlan["access"]>[number];

export function deltaTable(target: string, rows: readonly Row[]): Content {
  return html`<div class="delta">
    ${table({
      caption: `${countOf(rows.length, "row")}, gains that can grant more first`,
      columns: ["Who", "Where", "What", "Since"],
      rows: rows.map((row) => [whoOf(row, target), whereOf(row), privilegesOf(row), row.because.join("; ")]),
    })}
  </div>`;
}

function whoOf({ subjects }: Row, target: string): Content {
  const [only, ...others] = subjects;
  if (only === undefined || others.length > 0)
    return html`${countOf(subjects.length, "subject")}: ${names(subjects, 4)}`;
  return html`<a href="${questionHref({ target, subject: only })}">${code(only)}</a>`;
}

function whereOf({ paths, propagate, except }: Row): Content {
  const but = except.length === 0 ? "" : html` but for ${names(except, 4)}`;
  return html`${names(paths, 4)}${propagate ? " and below" : ""}${but}`;
}

/** What is gained is never folded away: what can grant more could hide there. */
function privilegesOf({ gained, dangerous, lost }: Row): Content {
  const plain = gained.filter((name) => !dangerous.includes(name));
  return [
    gained.length === 0
      ? ""
      : html`<p class="gain">
          <span class="word good">gains</span>
          ${dangerous.map(dangerousName)}${plain.map((name) => html`${code(name)} `)}
        </p>`,
    lost.length === 0 ? "" : html`<p class="gain"><span class="word warn">loses</span> ${names(lost, 8)}</p>`,
  ];
}

function dangerousName(name: string): Content {
  return html`<code class="dangerous" title="can grant more">! ${name}</code> `;
}
