// The last plan of a target: what it does to people, what guards say of it, what it does to objects, what stays.

import type { KeptPlan } from "../daemon/kept-plan.ts";
import { countOf } from "../render/count.ts";
import { wordUnmanaged } from "../render/words.ts";
import { instantText } from "../support/instant.ts";
import { changeGroups, wordActions } from "./changes.ts";
import { deltaTable } from "./delta.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { code, list, names, table } from "./table.ts";
import { inFull } from "./time.ts";

type Finding = NonNullable<KeptPlan["findings"]>[number];

export function planParts(plan: KeptPlan | undefined, now: string): Content {
  if (plan === undefined) return "";
  const { access = [], findings = [], changes = [], unmanaged = [], error } = plan;
  return [
    error === undefined ? "" : section("error", "Why there is no plan", failure(error)),
    findings.length === 0 ? "" : section("findings", "Findings", findingList(findings, plan)),
    access.length === 0 ? "" : section("delta", "Who gains and who loses", deltaTable(plan.name, access)),
    error !== undefined && changes.length === 0
      ? ""
      : section("plan", titleOf(plan), [cutNotice(plan), planned(plan)]),
    unmanaged.length === 0 ? "" : section("unmanaged", "Unmanaged, stays", unmanagedPart(unmanaged)),
    nextPart(plan, now),
  ];
}

function failure({ code: name, message, hint }: NonNullable<KeptPlan["error"]>): Content {
  return html`<p>${code(name)} ${message}</p>
    ${hint === undefined ? "" : html`<p class="hint">${hint}</p>`}`;
}

/** Whether it is still to come, or was carried out by the pass that made it. */
function titleOf({ changes = [], outcomes = [] }: KeptPlan): string {
  if (changes.length === 0) return "Plan";
  const applied = outcomes.filter(({ status }) => status === "applied").length;
  if (applied === changes.length) return "Plan, applied by the last pass";
  return applied === 0 ? "Pending plan" : "Plan, applied in part";
}

function cutNotice({ isCut }: KeptPlan): Content {
  return isCut
    ? html`<p class="hint">
        The plan is longer than what the daemon keeps of it: the rest is missing here.
        <code>rolecall plan</code> shows it whole.
      </p>`
    : "";
}

function planned(plan: KeptPlan): Content {
  const { changes = [], summary } = plan;
  if (changes.length === 0) return html`<p class="none">Nothing is to be changed.</p>`;
  const held = changes.filter((change) => change.held).length;
  const counts = summary === undefined ? countOf(changes.length, "change") : wordSummary(summary, held);
  return [html`<p>${counts}.</p>`, changeGroups(plan)];
}

function wordSummary(summary: NonNullable<KeptPlan["summary"]>, held: number): string {
  const parts = [...wordActions(summary), ...(held > 0 ? [`${held} held`] : [])];
  return `${parts.join(", ")}; ${countOf(summary.operations, "operation")}`;
}

function findingList(findings: readonly Finding[], { changes = [] }: KeptPlan): Content {
  const inOrder = [
    ...findings.filter(({ severity }) => severity === "error"),
    ...findings.filter(({ severity }) => severity === "warning"),
  ];
  const entries = inOrder.map((finding) => {
    const concerned = finding.changes.flatMap((index) => changes[index]?.name ?? []);
    return html`<li class="${finding.severity}">
      <p>
        <span class="word ${finding.severity === "error" ? "bad" : "warn"}">${finding.severity}</span>
        ${code(finding.code)} ${finding.message}
      </p>
      ${concerned.length === 0 ? "" : html`<p class="ground">on ${names(concerned)}</p>`}
      ${finding.details === undefined ? "" : list(finding.details.map(({ subjects, says }) => html`${names(subjects)}: ${says}`))}
      ${approvalOf(finding)}
    </li>`;
  });
  return html`<ul class="findings">
    ${entries}
  </ul>`;
}

function approvalOf({ severity, code: name, digest }: Finding): Content {
  if (severity !== "error" || digest === undefined) return "";
  return html`<details>
    <summary>To let it pass</summary>
    <p>As an annotation of the Target, for as long as the finding is the same:</p>
    <pre tabindex="0">${`rolecall.dev/approve: ${name}=${digest}`}</pre>
  </details>`;
}

function unmanagedPart(unmanaged: NonNullable<KeptPlan["unmanaged"]>): Content {
  const rows = unmanaged.map((one) => [code(one.name), one.kind, wordUnmanaged(one)]);
  return html`<details>
    <summary>${countOf(unmanaged.length, "object")} that no manifest declares</summary>
    ${table({ caption: "Left as they are", columns: ["Name", "Kind", "Why"], rows })}
  </details>`;
}

/** What will change by itself, though no manifest does. */
function nextPart({ rotations = [], boundaries = [] }: KeptPlan, now: string): Content {
  const rows = [
    ...boundaries.map(({ event, at, kind, name, objects }) => ({
      at,
      what: html`${kind} ${code(name)} ${event}`,
      whom: names(objects),
    })),
    ...rotations.map(({ token, rotatesAt }) => ({
      at: instantText(rotatesAt * 1000),
      what: html`${code(token)} gets its next secret`,
      whom: "",
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (rows.length === 0) return "";
  return section(
    "next",
    "Begins or ends next",
    table({
      caption: "The earliest first",
      columns: ["What", "On", "When"],
      rows: rows.map(({ at, what, whom }) => [what, whom, inFull(at, now)]),
    }),
  );
}
