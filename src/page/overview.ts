// The first page: how all targets stand, those that need somebody first.

import type { StatusDocument } from "../daemon/status.ts";
import { countOf } from "../render/count.ts";
import {
  choiceFrom,
  chosen,
  countsOf,
  inOrder,
  wordsOf,
  type Choice,
  type TargetStanding,
} from "./choice.ts";
import { headline } from "./headline.ts";
import { html, type Content } from "./html.ts";
import { page, section } from "./layout.ts";
import { hrefWith } from "./links.ts";
import { manifestsPart } from "./manifests.ts";
import { passesOfAll } from "./passes.ts";
import { auditPart } from "./audit.ts";
import { badge, groundOf, standings, type Standing } from "./standing.ts";
import { table, targetLink } from "./table.ts";
import { relative } from "./time.ts";
import { tokensOfAll } from "./tokens.ts";

const shownAtOnce = 100;
const refreshSeconds = 15;

export function overview(status: StatusDocument, query: URLSearchParams): string {
  const choice = choiceFrom(query);
  const all = inOrder(status.targets);
  const body = [
    headline(status, countsOf(all)),
    auditPart(status),
    manifestsPart(status),
    section("targets", "Targets", targetsPart(all, choice, status.now)),
    tokensOfAll(status),
    passesOfAll(status),
  ];
  return page(
    { title: "Targets", place: "targets", body, ...(choice.refreshes && { refreshSeconds }) },
    status,
  );
}

function targetsPart(all: readonly TargetStanding[], choice: Choice, now: string): Content {
  if (all.length === 0) return html`<p class="none">No target is declared.</p>`;
  const found = chosen(all, choice);
  const shown = choice.isWhole ? found : found.slice(0, shownAtOnce);
  const rest =
    found.length > shown.length
      ? html`<p>
          <a href="${hrefWith("/", { ...wordsOf(choice), show: "all" })}">Show all ${found.length}</a>
        </p>`
      : "";
  return [filters(all, choice), shown.length === 0 ? noneFound(choice) : targetTable(shown, now), rest];
}

function noneFound({ name, standing }: Choice): Content {
  const named = name === "" ? "" : html` whose name has “${name}” in it`;
  const stands = standing === undefined ? "" : html` that ${isOrNeeds(standing)}`;
  return html`<p class="none">There is no target${named}${stands}. <a href="/">Show all</a></p>`;
}

function isOrNeeds(standing: Standing): string {
  const { title } = standings[standing];
  return standing === "needs-you" || standing === "differs" ? title : `is ${title}`;
}

function filters(all: readonly TargetStanding[], choice: Choice): Content {
  const counts = countsOf(all);
  const links = [
    filter("all", all.length, { choice, standing: undefined }),
    ...[...counts].map(([standing, count]) => filter(standings[standing].title, count, { choice, standing })),
  ];
  const kept = Object.entries(wordsOf({ ...choice, name: "" })).map(([name, word]) =>
    word === undefined || word === "" ? "" : html`<input type="hidden" name="${name}" value="${word}" />`,
  );
  const again = { ...wordsOf(choice), refresh: choice.refreshes ? undefined : "on" };
  return html`<div class="filters">
    <nav aria-label="Targets by how they stand">${links}</nav>
    <form method="get" action="/" role="search">
      ${kept}
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        type="search"
        value="${choice.name}"
        autocomplete="off"
        spellcheck="false"
      />
      <button type="submit">Filter</button>
    </form>
    <a class="refresh" href="${hrefWith("/", again)}"
      >${choice.refreshes ? "Stop refreshing" : `Refresh every ${refreshSeconds} s`}</a
    >
  </div>`;
}

function filter(
  words: string,
  count: number,
  { choice, standing }: { readonly choice: Choice; readonly standing: Standing | undefined },
): Content {
  const href = hrefWith("/", { ...wordsOf(choice), state: standing });
  const here = choice.standing === standing ? html` aria-current="true"` : "";
  return html`<a href="${href}" ${here}>${words} <b>${count}</b></a>`;
}

function targetTable(shown: readonly TargetStanding[], now: string): Content {
  return html`<div class="targets">
    ${table({
      caption: `${countOf(shown.length, "target")}, those that need somebody first`,
      columns: ["Target", "State", "Why", "Plan", "Last pass", "Next pass"],
      rows: shown.map((one) => rowOf(one, now)),
    })}
  </div>`;
}

function rowOf({ target, standing }: TargetStanding, now: string): readonly Content[] {
  const { name, lastAttemptAt, nextPassAt, atWork, mode, version, product } = target;
  const notes = [`${product} ${version ?? ""}`.trim(), ...(mode === "observe" ? ["only observed"] : [])];
  return [
    html`${targetLink(name)} <small>${notes.join(", ")}</small>`,
    badge(standing),
    html`<span class="ground">${groundOf(target)}</span>`,
    pendingOf(target),
    lastAttemptAt === undefined ? "" : relative(lastAttemptAt, now),
    atWork ? "at work" : nextPassAt === undefined || target.suspended ? "" : relative(nextPassAt, now),
  ];
}

/** What the last pass left undone, held or not. */
function pendingOf({ lastPass }: StatusDocument["targets"][number]): Content {
  const pending = (lastPass?.kinds ?? []).reduce((sum, one) => sum + one.pending, 0);
  const words = [
    ...(pending === 0 ? [] : [countOf(pending, "change")]),
    ...(lastPass === undefined || lastPass.errors === 0 ? [] : [countOf(lastPass.errors, "error")]),
    ...(lastPass === undefined || lastPass.warnings === 0 ? [] : [countOf(lastPass.warnings, "warning")]),
  ];
  return words.join(", ");
}
