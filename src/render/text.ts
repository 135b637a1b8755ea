import type { Palette } from "../support/palette.ts";
import { countPlan, countReports, countOf, wordCounts } from "./count.ts";
import { visible } from "./escape.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { accessSection } from "./text-access.ts";
import { changeSections } from "./text-changes.ts";
import {
  boundarySection,
  consequenceSections,
  findingSection,
  operationSection,
  rotationSection,
  unmanagedSection,
} from "./text-sections.ts";
import type { Detail } from "./values.ts";

export interface TextOptions {
  readonly palette: Palette;
  readonly detail: Detail;
}

/** What `plan` prints for people. No change is ever left out, in no detail. */
export function renderText(reports: readonly TargetReport[], options: TextOptions): string {
  const blocks = reports.map((report) => targetText(report, options));
  if (reports.length > 1) blocks.push(options.palette.bold(wordTotal(reports)));
  return `${blocks.join("\n\n")}\n`;
}

function targetText(report: TargetReport, options: TextOptions): string {
  const sections = [headerLines(report, options.palette), ...planSections(report, options)];
  const ending = endingLines(report, options.palette);
  return [...sections, ending]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function headerLines(report: TargetReport, palette: Palette): string[] {
  const version = report.plan?.version ?? report.version;
  const caller = report.plan?.caller ?? report.caller;
  const product = version === undefined ? report.product : `${report.product} ${visible(version)}`;
  const identity = caller === undefined ? "" : `, as ${visible(caller)}`;
  const title = `${palette.bold(visible(report.name))} (${product}${identity})`;
  if (report.basis !== undefined) return [title, palette.dim(visible(report.basis))];
  if (report.complete === undefined) return [title];
  return [title, palette.dim(`read whole: ${report.complete.map(visible).join(", ")}`)];
}

/** What changes for people comes before what changes in objects. */
function planSections(report: TargetReport, options: TextOptions): string[][] {
  const { plan } = report;
  if (plan === undefined) return [];
  return [
    accessSection(plan, options),
    ...consequenceSections(plan, options),
    ...changeSections(plan, options),
    findingSection(plan, options),
    unmanagedSection(plan, options),
    rotationSection(plan, options),
    boundarySection(plan, options),
    ...(options.detail === "verbose" ? [operationSection(plan, options)] : []),
  ];
}

function endingLines(report: TargetReport, palette: Palette): string[] {
  const { error, notice, plan } = report;
  const counts = plan === undefined ? [] : [palette.bold(wordCounts(countPlan(plan), [report]))];
  const passed = notice === undefined ? [] : [`${palette.yellow("notice")} ${visible(notice)}`];
  const refused = report.status === "refused" && notice === undefined ? [wordRefusal(report, palette)] : [];
  const failed =
    error === undefined
      ? []
      : [`${palette.red("error")} ${palette.bold(visible(error.code))}: ${visible(error.message)}`];
  const hint = error?.hint === undefined ? [] : [`  hint: ${visible(error.hint)}`];
  return [...counts, ...passed, ...refused, ...failed, ...hint];
}

function wordRefusal(report: TargetReport, palette: Palette): string {
  const errors = report.plan === undefined ? 0 : countPlan(report.plan).errors;
  const ground = errors === 0 ? "" : ` because of ${countOf(errors, "finding")}`;
  return palette.red(`Refused${ground}: nothing is written.`);
}

function wordTotal(reports: readonly TargetReport[]): string {
  const unplanned = reports.filter(({ plan }) => plan === undefined).length;
  const refused = reports.filter(({ status }) => status === "refused").length;
  const total = `${countOf(reports.length, "target")}: ${wordCounts(countReports(reports), reports)}`;
  const rest = [
    ...(unplanned === 0 ? [] : [`${unplanned} not planned`]),
    ...(refused === 0 ? [] : [`${refused} refused`]),
  ];
  return rest.length === 0 ? total : `${total} ${rest.join(", ")}.`;
}
