// Tables that stay tables: on a narrow screen a row becomes a card, and the roles that the style takes away are written down.

import { targetHref } from "./links.ts";
import { html, type Content, type Markup } from "./html.ts";

export interface Table {
  /** What is in it, for who does not see what stands above it. */
  readonly caption: Content;
  readonly columns: readonly string[];
  /** As many cells a row as there are columns; the first names the row. */
  readonly rows: readonly (readonly Content[])[];
}

export function table({ caption, columns, rows }: Table): Markup {
  const heads = columns.map((name) => html`<th scope="col" role="columnheader">${name}</th>`);
  const body = rows.map(
    (cells) =>
      html`<tr role="row">
        ${cells.map((cell, at) => cellOf(cell, at, columns[at]))}
      </tr>`,
  );
  return html`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${heads}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${body}
    </tbody>
  </table>`;
}

function cellOf(cell: Content, at: number, name = ""): Markup {
  if (at === 0) return html`<th scope="row" role="rowheader">${cell}</th>`;
  const isEmpty = cell === undefined || cell === "";
  return html`<td role="cell" data-name="${name}" ${isEmpty ? html` class="empty"` : ""}>${cell}</td>`;
}

/** Terms and what is said of them; those without are left out. */
export function terms(pairs: readonly (readonly [string, Content])[]): Markup {
  const said = pairs.filter(([, content]) => content !== undefined);
  return html`<dl>
    ${said.map(
      ([term, content]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${content}</dd>
        </div>`,
    )}
  </dl>`;
}

export function list(contents: readonly Content[]): Markup {
  return html`<ul>
    ${contents.map((content) => html`<li>${content}</li>`)}
  </ul>`;
}

/** A name as a server spells it. Long ones may break anywhere; others keep their column wide enough. */
export function code(text: string): Markup {
  return html`<code${breaking(text)}>${text}</code>`;
}

export function targetLink(name: string): Markup {
  return html`<a href="${targetHref(name)}" ${breaking(name)}>${name}</a>`;
}

const longest = 28;

function breaking(text: string): Content {
  return text.length > longest ? html` class="long"` : "";
}

/** Names side by side, those beyond the limit behind a fold: none is ever out of reach. */
export function names(texts: readonly string[], limit = 6): Markup {
  const [shown, more] = [texts.slice(0, limit), texts.slice(limit)];
  if (more.length === 0) return html`${separated(shown)}`;
  return html`${separated(shown)}
    <details class="more">
      <summary>and ${more.length} more</summary>
      ${separated(more)}
    </details>`;
}

function separated(texts: readonly string[]): readonly Content[] {
  return texts.map((text, at) => [at === 0 ? "" : ", ", code(text)]);
}
