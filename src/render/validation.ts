// What `validate` finds: mistakes in manifests, and what of them breaks a policy.

import type { Diagnostic } from "../manifest/diagnostic.ts";
import type { Finding } from "../plan/plan.ts";
import type { Palette } from "../support/palette.ts";
import { commentLimit, fitSections } from "./budget.ts";
import { countOf } from "./count.ts";
import { diagnosticDocument, renderDiagnostics, wordMistakes } from "./diagnostics.ts";
import { diagnosticsSection, renderDiagnosticsMarkdown } from "./diagnostics-markdown.ts";
import { markdownCode, printableJson, shortened, visible } from "./escape.ts";
import { findingLines, wordDetail } from "./findings.ts";
import { findingDocument } from "./json.ts";
import type { Detail } from "./values.ts";
import { firstOf, wordPlace } from "./words.ts";

export interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** Of every target of which there are some. */
  readonly findings: readonly { readonly target: string; readonly found: readonly Finding[] }[];
}

/** Nothing where there is nothing to tell. */
export function renderValidation(
  { diagnostics, findings }: Validation,
  options: { readonly palette: Palette; readonly detail: Detail },
): string {
  const { palette } = options;
  const blocks = [
    ...(diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, palette)]),
    ...findings.map(({ target, found }) => {
      const lines = found.flatMap((finding) => findingLines(finding, { concerned: [] }, options));
      return `${[palette.bold(visible(target)), ...lines].join("\n")}\n`;
    }),
  ];
  return blocks.join("\n");
}

export function renderValidationJson({ diagnostics, findings }: Validation): string {
  return printableJson({
    formatVersion: 1,
    diagnostics: diagnostics.map(diagnosticDocument),
    findings: findings.flatMap(({ target, found }) => found.map((finding) => documentOf(target, finding))),
  });
}

/** A plan's finding without its changes, of which there are none. */
function documentOf(target: string, finding: Finding): unknown {
  const { changes, ...document } = findingDocument(finding);
  return { target, ...document, ...(changes.length > 0 && { changes }) };
}

const detailLimit = 10;

export function renderValidationMarkdown({ diagnostics, findings }: Validation): string {
  if (findings.length === 0) return renderDiagnosticsMarkdown(diagnostics);
  const all = findings.flatMap(({ found }) => found);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const headline = [
    ...(diagnostics.length === 0 ? [] : [wordMistakes(diagnostics)]),
    errors === 0
      ? `${countOf(all.length, "warning")} of policies.`
      : `**Refused because of ${countOf(errors, "finding")}.**`,
  ];
  const lines = findings.flatMap(({ target, found }) => found.map((one) => findingMarkdown(target, one)));
  const policies = { open: ["**Policies**", ""], lines, close: [], noun: "finding", share: commentLimit };
  return fitSections(
    [diagnosticsSection(diagnostics, headline.join(" "), commentLimit / 2), policies],
    commentLimit,
  );
}

/** One item with a list in it. */
function findingMarkdown(target: string, finding: Finding): string {
  const { severity, code, message, source, details = [] } = finding;
  const place = source === undefined ? "" : ` (${markdownCode(wordPlace(source))})`;
  const words = severity === "error" ? `**${severity}**` : severity;
  const { shown, more } = firstOf(
    details.map((detail) => wordDetail(detail)),
    detailLimit,
  );
  return [
    `- ${markdownCode(target)} ${words} ${markdownCode(code)} ${markdownCode(shortened(message, 400))}${place}`,
    ...shown.map((detail) => `  - ${markdownCode(shortened(detail, 400))}`),
    ...(more === 0 ? [] : [`  - and ${more} more`]),
  ].join("\n");
}
