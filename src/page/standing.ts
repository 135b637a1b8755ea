// In: what the status says of a target. Out: the one thing to know of it first. Pure.

import type { TargetDocument } from "../daemon/status.ts";
import { html, type Markup } from "./html.ts";

export type Standing =
  "needs-you" | "in-trouble" | "differs" | "under-way" | "unseen" | "as-declared" | "suspended";

interface Words {
  readonly title: string;
  /** What colour alone must not say. */
  readonly sign: string;
}

/** Those that need somebody first. */
export const standings: Readonly<Record<Standing, Words>> = {
  "needs-you": { title: "needs you", sign: "!" },
  "in-trouble": { title: "in trouble", sign: "↻" },
  differs: { title: "differs", sign: "≠" },
  "under-way": { title: "under way", sign: "→" },
  unseen: { title: "not seen yet", sign: "?" },
  "as-declared": { title: "as declared", sign: "✓" },
  suspended: { title: "suspended", sign: "‖" },
};

export function isStanding(text: string): text is Standing {
  return Object.hasOwn(standings, text);
}

export function standingOf({ suspended, conditions, failuresInARow, lastPass }: TargetDocument): Standing {
  const isTrue = (type: string): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === "True");
  if (suspended) return "suspended";
  if (isTrue("Stalled")) return "needs-you";
  if (failuresInARow > 0) return "in-trouble";
  if (lastPass === undefined) return "unseen";
  if (isTrue("Synced")) return "as-declared";
  return lastPass.result === "drift" ? "differs" : "under-way";
}

/** Why it stands so, in a sentence. */
export function groundOf(target: TargetDocument): string {
  const said = (type: string): string => target.conditions.find((one) => one.type === type)?.message ?? "";
  switch (standingOf(target)) {
    case "needs-you":
    case "in-trouble":
      return said("Stalled") || said("Synced");
    case "differs":
    case "under-way":
    case "unseen":
    case "as-declared":
    case "suspended":
      return said("Synced");
  }
}

export function badge(standing: Standing): Markup {
  const { title, sign } = standings[standing];
  return html`<span class="badge ${standing}"><span aria-hidden="true">${sign}</span> ${title}</span>`;
}
