// The one sentence that somebody reads at three in the morning.

import type { StatusDocument } from "../daemon/status.ts";
import { countOf } from "../render/count.ts";
import { isAuditWell } from "./audit.ts";
import { html, type Markup } from "./html.ts";
import type { Standing } from "./standing.ts";

export function headline(
  { targets, manifests, auditLog }: StatusDocument,
  counts: ReadonlyMap<Standing, number>,
): Markup {
  const isWell = isAuditWell(auditLog);
  const standing = worstOf(counts, manifests.valid && isWell);
  const audit = isWell ? "" : " The audit log needs you.";
  return html`<h1 class="headline ${standing}">${wordAll(targets.length, counts, manifests)}${audit}</h1>`;
}

function worstOf(counts: ReadonlyMap<Standing, number>, isWell: boolean): Standing {
  if (!isWell) return "needs-you";
  const order = ["needs-you", "in-trouble", "differs", "under-way", "unseen"] as const;
  return order.find((standing) => counts.has(standing)) ?? "as-declared";
}

function wordAll(
  all: number,
  counts: ReadonlyMap<Standing, number>,
  { valid, inForceDigest }: StatusDocument["manifests"],
): string {
  if (!valid && inForceDigest === undefined) return "The manifests have mistakes, and no server is asked.";
  const mistakes = valid ? "" : " The last manifests have mistakes; those before are in force.";
  return `${wordTargets(all, counts)}${mistakes}`;
}

function wordTargets(all: number, counts: ReadonlyMap<Standing, number>): string {
  const count = (standing: Standing): number => counts.get(standing) ?? 0;
  const of = (part: number): string =>
    part === all ? countOf(all, "target") : `${part} of ${countOf(all, "target")}`;
  if (all === 0) return "No target is declared.";
  if (count("needs-you") > 0)
    return `${of(count("needs-you"))} ${count("needs-you") === 1 ? "needs" : "need"} you.`;
  if (count("in-trouble") > 0)
    return `${of(count("in-trouble"))} ${count("in-trouble") === 1 ? "is" : "are"} in trouble, and tried again.`;
  if (count("differs") > 0)
    return `${of(count("differs"))} ${count("differs") === 1 ? "differs" : "differ"}, and ${count("differs") === 1 ? "is" : "are"} only observed.`;
  const open = count("under-way") + count("unseen");
  if (open > 0) return `${of(open)} ${open === 1 ? "is" : "are"} not done yet.`;
  const suspended = count("suspended");
  if (suspended === all) return `${all === 1 ? "The target is" : `All ${all} targets are`} suspended.`;
  const declared = all - suspended;
  const but = suspended === 0 ? "" : `, and ${suspended} suspended`;
  if (declared === 1) return `${all === 1 ? "The target" : "One target"} is as declared${but}.`;
  return `${suspended === 0 ? "All " : ""}${declared} targets are as declared${but}.`;
}
