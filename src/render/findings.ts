import type { Finding, FindingDetail } from "../plan/plan.ts";
import type { Palette } from "../support/palette.ts";
import { visible } from "./escape.ts";
import type { Detail } from "./values.ts";
import { firstOf, wordPlace, type ApprovalWords } from "./words.ts";

const limit = 10;

interface Options {
  readonly palette: Palette;
  readonly detail: Detail;
}

/** What stands around a finding: the objects that it concerns, as `user joe@pve`, and how it can be let pass. */
interface Around {
  readonly concerned: readonly string[];
  readonly approval?: ApprovalWords | undefined;
}

/** A finding with whom it is about, what it concerns, and how it can be let pass. */
export function findingLines(
  finding: Finding,
  { concerned, approval }: Around,
  { palette, detail }: Options,
): string[] {
  const colour = finding.severity === "error" ? palette.red : palette.yellow;
  const place = finding.source === undefined ? "" : `  ${palette.dim(visible(wordPlace(finding.source)))}`;
  return [
    `  ${colour(finding.severity)} ${visible(finding.code)}: ${visible(finding.message)}${place}`,
    ...detailLines(finding.details ?? [], detail),
    ...(concerned.length === 0 ? [] : [`      on ${wordList(concerned, limit)}`]),
    ...(approval === undefined ? [] : [`      ${palette.dim(wordWays(approval))}`]),
  ];
}

function wordWays({ option, annotation }: ApprovalWords): string {
  return `to let it pass: ${visible(option)}, or on the Target ${visible(annotation)}`;
}

function detailLines(details: readonly FindingDetail[], detail: Detail): string[] {
  const most = detail === "verbose" ? Infinity : limit;
  const { shown, more } = firstOf(
    details.map((one) => wordDetail(one, most)),
    most,
  );
  return [
    ...shown.map((words) => `      ${words}`),
    ...(more === 0 ? [] : [`      and ${more} more (--verbose shows all)`]),
  ];
}

/** `user:joe@pve: VM.Audit on /vms, since …`; the names up to a number. */
export function wordDetail({ subjects, says }: FindingDetail, most = limit): string {
  return `${wordList(subjects, most)}: ${visible(says)}`;
}

function wordList(texts: readonly string[], most: number): string {
  const { shown, more } = firstOf(texts, most);
  return `${shown.map(visible).join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}
