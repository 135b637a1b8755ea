import { commentLimit, fitSections, type Section } from "./budget.ts";
import { lostForEver, takenAlong } from "./consequences.ts";
import { countOf, countReports, wordCounts } from "./count.ts";
import { htmlCode } from "./escape.ts";
import {
  accessRows,
  boundaryLine,
  changeRow,
  consequenceLines,
  errorLines,
  noticeLine,
  outcomeLines,
  targetRow,
  unmanagedLine,
  warningLines,
} from "./markdown-lines.ts";
import type { TargetReport } from "../reconcile/report.ts";

/** A comment for a pull request. Its first line is how a pipeline finds it again, to update it in place. */
export function renderMarkdown(reports: readonly TargetReport[]): string {
  const sections = [
    headline(reports),
    targetTable(reports),
    list("Errors", "error", reports.flatMap(errorLines), 12_000),
    list("Notices", "notice", reports.flatMap(noticeLine), 4_000),
    list("Not applied", "change", reports.flatMap(outcomeLines), 8_000),
    list("Access", "row", reports.flatMap(accessRows), 14_000),
    list("Lost for ever", "object", consequenceLines(reports, lostForEver), 8_000),
    ...reports.flatMap((report) => folds(report, Math.max(3_000, Math.floor(30_000 / reports.length)))),
  ];
  return fitSections(
    sections.filter(({ open, lines }) => lines.length > 0 || open.length > 0),
    commentLimit,
  );
}

function headline(reports: readonly TargetReport[]): Section {
  const counts = countReports(reports);
  const unplanned = reports.filter(({ plan }) => plan === undefined).length;
  const words = [
    wordCounts(counts, reports),
    ...(counts.errors === 0 ? [] : [`**${countOf(counts.errors, "error")}.**`]),
    ...(counts.warnings === 0 ? [] : [`${countOf(counts.warnings, "warning")}.`]),
    ...(unplanned === 0 ? [] : [`**${countOf(unplanned, "target")} not planned.**`]),
  ];
  const open = ["<!-- rolecall plan -->", `### Rolecall: ${words.join(" ")}`];
  return { open, lines: [], close: [], noun: "line", share: 2_000 };
}

function targetTable(reports: readonly TargetReport[]): Section {
  const open = [
    "| target | status | create | change | delete | held | writes | findings |",
    "| --- | --- | --: | --: | --: | --: | --: | --- |",
  ];
  return { open, lines: reports.map(targetRow), close: [], noun: "target", share: 10_000 };
}

function list(title: string, noun: string, lines: readonly string[], share: number): Section {
  return { open: lines.length === 0 ? [] : [`**${title}**`, ""], lines, close: [], noun, share };
}

/** What a reviewer opens: the changes of one target, and what is said of them. */
function folds(report: TargetReport, share: number): Section[] {
  const { plan } = report;
  if (plan === undefined) return [];
  const table = ["| | object | fields | why |", "| --- | --- | --- | --- |"];
  return [
    fold(report, "change", plan.changes.map(changeRow), { share, table }),
    fold(report, "warning", warningLines(plan), { share: 4_000, table: [] }),
    fold(report, "cascade", consequenceLines([report], takenAlong), {
      share: 4_000,
      table: [],
    }),
    fold(report, "unmanaged object", plan.unmanaged.map(unmanagedLine), { share: 4_000, table: [] }),
    fold(report, "time-boxed manifest", plan.boundaries.map(boundaryLine), {
      share: 4_000,
      table: [],
    }),
  ].flat();
}

function fold(
  report: TargetReport,
  noun: string,
  lines: readonly string[],
  frame: { readonly share: number; readonly table: readonly string[] },
): Section[] {
  if (lines.length === 0) return [];
  const summary = `<details><summary>${htmlCode(report.name)}: ${countOf(lines.length, noun)}</summary>`;
  const open = [summary, "", ...frame.table];
  return [{ open, lines, close: ["", "</details>"], noun, share: frame.share }];
}
