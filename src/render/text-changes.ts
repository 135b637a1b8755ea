import type { Change, Plan } from "../plan/plan.ts";
import type { Palette } from "../support/palette.ts";
import { visible } from "./escape.ts";
import { wordFields, type Detail } from "./values.ts";
import { kindTitles, marks, reasonWords, wordPlace } from "./words.ts";

interface Options {
  readonly palette: Palette;
  readonly detail: Detail;
}

/** The changes, a kind at a time; within a kind in the order of the plan. */
export function changeSections(plan: Plan, options: Options): string[][] {
  return Object.entries(kindTitles)
    .map(([kind, title]) => ({ title, changes: plan.changes.filter((change) => change.kind === kind) }))
    .filter(({ changes }) => changes.length > 0)
    .map(({ title, changes }) => [
      options.palette.bold(title),
      ...changes.flatMap((change) => changeLines(change, options)),
    ]);
}

function changeLines(change: Change, options: Options): string[] {
  const { palette, detail } = options;
  const notes = [...(change.held ? [palette.yellow("held")] : []), reasonWords[change.reason]].filter(
    (note) => note !== "",
  );
  const title = `${marks[change.action]} ${visible(change.name)}`;
  const colour = colourOf(change.action, palette);
  const note = notes.length === 0 ? [] : [`(${notes.join(", ")})`];
  const place = change.source === undefined ? [] : [palette.dim(visible(wordPlace(change.source)))];
  return [
    ["", colour(title), ...note, ...place].join("  "),
    ...wordFields(change, detail).map(({ field, words }) => `      ${field}: ${words}`),
  ];
}

function colourOf(action: Change["action"], palette: Palette): (text: string) => string {
  switch (action) {
    case "create":
      return palette.green;
    case "update":
      return palette.yellow;
    case "delete":
      return palette.red;
  }
}
