import type { Outcome, OutcomeStatus } from "../apply/outcome.ts";
import type { Plan } from "../plan/plan.ts";
import type { Palette } from "../support/palette.ts";
import { visible } from "./escape.ts";
import { hintFor } from "./hints.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { marks, nameChange } from "./words.ts";

/** What became of the changes of every target: the failures first, since they are what is left to do. */
export function renderOutcomes(reports: readonly TargetReport[], palette: Palette): string {
  const blocks = reports.flatMap(({ name, plan, outcomes }) =>
    plan === undefined || outcomes === undefined
      ? []
      : [
          [
            `${palette.bold(visible(name))}: ${wordOutcomes(outcomes)}`,
            ...outcomeSections(plan, outcomes, palette),
          ],
        ],
  );
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** `1 failed, 2 not attempted, 3 applied` */
function wordOutcomes(outcomes: readonly Outcome[]): string {
  const words = byStatus(outcomes).map((group) => `${group.outcomes.length} ${group.words}`);
  return words.length === 0 ? "nothing to apply" : words.join(", ");
}

/** In the order in which they matter: what is left to do first. */
const statusWords: Readonly<Record<OutcomeStatus, string>> = {
  failed: "failed",
  unconfirmed: "unconfirmed",
  "not-attempted": "not attempted",
  applied: "applied",
};

interface StatusGroup {
  readonly words: string;
  readonly outcomes: readonly Outcome[];
}

function byStatus(outcomes: readonly Outcome[]): StatusGroup[] {
  return Object.entries(statusWords)
    .map(([status, words]) => ({ words, outcomes: outcomes.filter((outcome) => outcome.status === status) }))
    .filter((group) => group.outcomes.length > 0);
}

interface Unfinished {
  readonly object: string;
  readonly words: string;
  /** The server's words; empty where there are none. */
  readonly error: string;
}

/** What was not simply applied, each with its change's name and the words that came back. */
export function unfinished(plan: Plan, outcomes: readonly Outcome[]): Unfinished[] {
  return byStatus(outcomes).flatMap((group) =>
    group.outcomes.flatMap((outcome) => {
      const change = plan.changes[outcome.change];
      if (change === undefined || outcome.status === "applied") return [];
      return [{ object: nameChange(change), words: group.words, error: outcome.error?.trim() ?? "" }];
    }),
  );
}

function outcomeSections(plan: Plan, outcomes: readonly Outcome[], palette: Palette): string[] {
  return byStatus(outcomes).flatMap((group) =>
    group.outcomes.flatMap((outcome) => outcomeLines(plan, outcome, palette)),
  );
}

function outcomeLines(plan: Plan, outcome: Outcome, palette: Palette): string[] {
  const change = plan.changes[outcome.change];
  const object = change === undefined ? "" : `${marks[change.action]} ${visible(nameChange(change))}`;
  const colour = colourOf(outcome.status, palette);
  const line = `  ${colour(statusWords[outcome.status].padEnd(13))}  ${object}`;
  if (outcome.error === undefined) return [line];
  const hint = hintFor(outcome.error);
  return [
    line,
    `      ${visible(outcome.error.trim())}`,
    ...(hint === undefined ? [] : [`      hint: ${visible(hint)}`]),
  ];
}

function colourOf(status: OutcomeStatus, palette: Palette): (text: string) => string {
  switch (status) {
    case "failed":
      return palette.red;
    case "unconfirmed":
      return palette.yellow;
    case "not-attempted":
      return palette.dim;
    case "applied":
      return palette.green;
  }
}
