// The history: what passes came to.

import type { StatusDocument, TargetDocument } from "../daemon/status.ts";
import { countOf } from "../render/count.ts";
import { wordActions } from "./changes.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { code, table, targetLink } from "./table.ts";
import { relative, wordLength } from "./time.ts";

type Pass = TargetDocument["history"][number];

const shown = 12;

/** Of all targets, the last passes that did something or could not. */
export function passesOfAll({ targets, now }: StatusDocument): Content {
  const told = targets
    .flatMap(({ name, history }) => history.filter(isWorthTelling).map((pass) => ({ name, pass })))
    .sort((a, b) => Date.parse(b.pass.startedAt) - Date.parse(a.pass.startedAt));
  if (told.length === 0) return "";
  const rows = told
    .slice(0, shown)
    .map(({ name, pass }) => [relative(pass.startedAt, now), targetLink(name), resultOf(pass), whatOf(pass)]);
  return section(
    "passes",
    "What happened",
    table({
      caption: "Passes that changed something or could not, the newest first",
      columns: ["When", "Target", "Result", "What"],
      rows,
    }),
  );
}

export function passesOf({ history }: TargetDocument, now: string): Content {
  if (history.length === 0) return html`<p class="none">No pass has ended yet.</p>`;
  const rows = history.map((pass) => [
    relative(pass.startedAt, now),
    resultOf(pass),
    whatOf(pass),
    pass.reasons.map((reason) => reasons[reason]).join(", "),
    wordDuration(pass.durationMs),
    code(pass.id),
  ]);
  return table({
    caption: "The last 20 passes, the newest first; the id stands in the log too",
    columns: ["When", "Result", "What", "Since", "Took", "Id"],
    rows,
  });
}

function isWorthTelling({ result, applied }: Pass): boolean {
  return result !== "synced" || applied > 0;
}

const reasons: Readonly<Record<Pass["reasons"][number], string>> = {
  start: "the daemon started",
  manifests: "other manifests",
  resync: "the interval was over",
  retry: "tried again",
  boundary: "something began or ended",
};

const results: Readonly<Record<Pass["result"], { readonly word: string; readonly tone: string }>> = {
  synced: { word: "as declared", tone: "good" },
  drift: { word: "differs", tone: "warn" },
  paused: { word: "paused", tone: "warn" },
  refused: { word: "refused", tone: "bad" },
  held: { word: "held", tone: "warn" },
  moved: { word: "moved", tone: "" },
  interrupted: { word: "interrupted", tone: "" },
  unreachable: { word: "unreachable", tone: "bad" },
  failed: { word: "failed", tone: "bad" },
  bug: { word: "bug", tone: "bad" },
};

function resultOf({ result }: Pass): Content {
  const { word, tone } = results[result];
  return html`<span class="word ${tone}">${word}</span>`;
}

function whatOf({ applied, held, changes, code: name, message, result }: Pass): Content {
  const found = changes.create + changes.update + changes.delete;
  const done =
    applied > 0
      ? `${applied} of ${countOf(found, "change")} applied`
      : found > 0
        ? wordActions(changes).join(", ")
        : "";
  const waits = held > 0 && result !== "held" ? `, ${held} held` : "";
  const why = message === undefined ? "" : html`<span class="ground">${message}</span>`;
  const named = name === undefined || name === result ? "" : html`${code(name)} `;
  const separator = (done !== "" || waits !== "") && message !== undefined ? ": " : "";
  return html`${done}${waits}${separator}${named}${why}`;
}

function wordDuration(ms: number): string {
  return ms < 2_000 ? `${ms} ms` : wordLength(ms);
}
