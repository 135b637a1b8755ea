// Tokens that end, the next to end first.

import type { StatusDocument, TargetDocument } from "../daemon/status.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { questionHref } from "./links.ts";
import { code, table, targetLink } from "./table.ts";
import { inFull } from "./time.ts";

const day = 86_400_000;
const soonMs = 30 * day;
const shown = 20;

/** Of all targets, those that end within thirty days. */
export function tokensOfAll({ targets, now }: StatusDocument): Content {
  const soon = targets
    .flatMap(({ name, tokens }) => tokens.map((token) => ({ name, ...token })))
    .filter(({ expiresAt }) => lifeMs(expiresAt, now) < soonMs)
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt));
  if (soon.length === 0) return "";
  const rows = soon
    .slice(0, shown)
    .map(({ name, id, expiresAt }) => [
      code(id),
      targetLink(name),
      urgency(expiresAt, now),
      inFull(expiresAt, now),
    ]);
  const caption = `${soon.length > shown ? `The first ${shown} of ${soon.length}` : soon.length} that end within 30 days`;
  return section(
    "tokens",
    "Tokens that end soon",
    table({ caption, columns: ["Token", "Target", "How soon", "Ends"], rows }),
  );
}

export function tokensOf({ name, tokens }: TargetDocument, now: string): Content {
  if (tokens.length === 0) return html`<p class="none">No token of this target ends.</p>`;
  const rows = tokens.map(({ id, expiresAt }) => [
    html`<a href="${questionHref({ target: name, subject: `token:${id}` })}">${code(id)}</a>`,
    urgency(expiresAt, now),
    inFull(expiresAt, now),
  ]);
  return table({ caption: "The next to end first", columns: ["Token", "How soon", "Ends"], rows });
}

function urgency(expiresAt: string, now: string): Content {
  const life = lifeMs(expiresAt, now);
  if (life <= 0) return html`<span class="word bad">has ended</span>`;
  if (life < day) return html`<span class="word bad">within a day</span>`;
  if (life < 7 * day) return html`<span class="word warn">within a week</span>`;
  return html`<span class="word">${life < soonMs ? "within 30 days" : "later"}</span>`;
}

function lifeMs(expiresAt: string, now: string): number {
  return Date.parse(expiresAt) - Date.parse(now);
}
