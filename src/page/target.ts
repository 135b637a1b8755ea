// One target: how it stands, why, and what comes next.

import type { KeptPlan } from "../daemon/kept-plan.ts";
import type { StatusDocument, TargetDocument } from "../daemon/status.ts";
import { countOf } from "../render/count.ts";
import { html, type Content } from "./html.ts";
import { page, section } from "./layout.ts";
import { questionHref } from "./links.ts";
import { revision } from "./manifests.ts";
import { passesOf } from "./passes.ts";
import { planParts } from "./plan.ts";
import { sinksOf } from "./sinks.ts";
import { badge, groundOf, standingOf } from "./standing.ts";
import { code, table, terms } from "./table.ts";
import { inFull, relative, wordLength } from "./time.ts";
import { tokensOf } from "./tokens.ts";

export function targetPage(
  status: StatusDocument,
  target: TargetDocument,
  plan: KeptPlan | undefined,
): string {
  const { name } = target;
  const { now } = status;
  const standing = standingOf(target);
  const body = [
    html`<p class="crumbs"><a href="/">Targets</a></p>
      <div class="title">
        <h1>${name}</h1>
        ${badge(standing)}
      </div>
      <p class="lead">${groundOf(target)}</p>`,
    facts(target, now),
    html`<p><a class="button" href="${questionHref({ target: name })}">Ask who can do what here</a></p>`,
    section("conditions", "Conditions", conditions(target, now)),
    planParts(plan, now),
    section("tokens", "Tokens that end", tokensOf(target, now)),
    sinksOf(target, now),
    section("history", "History", passesOf(target, now)),
  ];
  return page({ title: name, place: "targets", body }, status);
}

export function missingPage(status: StatusDocument, name: string): string {
  const body = html`<h1>There is no such target</h1>
    <p>
      ${code(name)} is not declared, or not any more. A target that is no longer declared is left as it is.
    </p>
    <p><a href="/">All targets</a></p>`;
  return page({ title: "No such target", place: "targets", body }, status);
}

function facts(target: TargetDocument, now: string): Content {
  const { product, version, caller, mode, pause, lastSuccessAt, failuresInARow, observedCommit } = target;
  return terms([
    ["Server", version === undefined ? product : html`${product} ${version}`],
    ["Read and written as", caller === undefined ? undefined : code(caller)],
    ["Mode", mode === "observe" ? "observe: nothing is written" : "enforce"],
    ["In force", revision(target.observedDigest, observedCommit)],
    ["Next pass", nextOf(target, now)],
    ["Last success", lastSuccessAt === undefined ? "none yet" : inFull(lastSuccessAt, now)],
    ["Failures in a row", failuresInARow === 0 ? undefined : failuresInARow],
    [
      "Paused",
      pause === undefined
        ? undefined
        : html`since ${inFull(pause.since, now)}, until ${inFull(pause.until, now)}`,
    ],
  ]);
}

function nextOf({ atWork, suspended, nextPassAt, intervalSeconds }: TargetDocument, now: string): Content {
  if (suspended) return "none: spec.suspend is set";
  if (atWork) return "at work now";
  const every = html`<small>every ${wordLength(intervalSeconds * 1000)}</small>`;
  return nextPassAt === undefined ? every : html`${relative(nextPassAt, now)}, ${every}`;
}

function conditions({ conditions: all }: TargetDocument, now: string): Content {
  const rows = all.map(({ type, status, reason, message, lastTransitionTime }) => [
    type,
    html`<span class="word ${toneOf(type, status)}">${status}</span>`,
    code(reason),
    html`<span class="ground">${message}</span>`,
    relative(lastTransitionTime, now),
  ]);
  return table({
    caption: countOf(all.length, "condition"),
    columns: ["Condition", "Is", "Reason", "Message", "Since"],
    rows,
  });
}

/** `Stalled` is the one whose truth is bad news. */
function toneOf(type: string, status: string): string {
  if (status === "Unknown") return "";
  return (status === "True") === (type !== "Stalled") ? "good" : "bad";
}
