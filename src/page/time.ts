// Instants as people read them: how long ago, or in how long; the exact one is in the title and in print.

import { html, type Markup } from "./html.ts";

const units = [
  { ms: 86_400_000, name: "d" },
  { ms: 3_600_000, name: "h" },
  { ms: 60_000, name: "min" },
  { ms: 1_000, name: "s" },
] as const;

/** `3 min ago`, `in 4 h`. */
export function relative(instant: string, now: string): Markup {
  return html`<time datetime="${instant}" title="${exact(instant)}">${wordDistance(instant, now)}</time>`;
}

/** `2026-11-25 07:02:45Z (3 min ago)` */
export function inFull(instant: string, now: string): Markup {
  return html`<time datetime="${instant}">${exact(instant)}</time>
    <small>(${wordDistance(instant, now)})</small>`;
}

/** `2026-11-25 07:02:45Z` */
export function exact(instant: string): string {
  return instant.replace("T", " ").replace(/\.\d+Z$/u, "Z");
}

export function wordDistance(instant: string, now: string): string {
  const distanceMs = Date.parse(instant) - Date.parse(now);
  if (Math.abs(distanceMs) < 1_000) return "now";
  const length = wordLength(Math.abs(distanceMs));
  return distanceMs < 0 ? `${length} ago` : `in ${length}`;
}

/** In the largest unit of which there are two, so that it is never wrong by half. */
export function wordLength(lengthMs: number): string {
  const unit = units.find(({ ms }) => lengthMs >= 2 * ms) ?? units[3];
  return `${Math.round(lengthMs / unit.ms)} ${unit.name}`;
}
