import type { Diagnostic } from "../manifest/diagnostic.ts";
import { commentLimit, fitSections, type Section } from "./budget.ts";
import { wordMistakes, wordPosition } from "./diagnostics.ts";
import { markdownCode, shortened } from "./escape.ts";

/** The mistakes for a pull request, below the limit of a comment. */
export function renderDiagnosticsMarkdown(diagnostics: readonly Diagnostic[]): string {
  return fitSections(
    [diagnosticsSection(diagnostics, wordMistakes(diagnostics), commentLimit)],
    commentLimit,
  );
}

/** Its first line is how a pipeline finds its comment again. */
export function diagnosticsSection(
  diagnostics: readonly Diagnostic[],
  headline: string,
  share: number,
): Section {
  const open = ["<!-- rolecall validate -->", `### Rolecall: ${headline}`, ""];
  const table = ["| place | | code | message | hint |", "| --- | --- | --- | --- | --- |"];
  const lines = diagnostics.map(diagnosticRow);
  return { open: lines.length === 0 ? open : [...open, ...table], lines, close: [], noun: "mistake", share };
}

function diagnosticRow({ severity, code, message, place, hint }: Diagnostic): string {
  const cells = [
    markdownCode(wordPosition(place)),
    severity === "error" ? `**${severity}**` : severity,
    markdownCode(code),
    markdownCode(shortened(message, 400)),
    hint === undefined ? "" : markdownCode(shortened(hint, 400)),
  ];
  return `| ${cells.join(" | ")} |`;
}
