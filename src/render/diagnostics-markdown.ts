import type { Diagnostic } from "../manifest/diagnostic.ts";
import { commentLimit, fitSections } from "./budget.ts";
import { wordMistakes, wordPosition } from "./diagnostics.ts";
import { markdownCode, shortened } from "./escape.ts";

/** The mistakes for a pull request, below the limit of a comment. */
export function renderDiagnosticsMarkdown(diagnostics: readonly Diagnostic[]): string {
  const open = ["<!-- rolecall validate -->", `### Rolecall: ${wordMistakes(diagnostics)}`, ""];
  const table = ["| place | | code | message | hint |", "| --- | --- | --- | --- | --- |"];
  const lines = diagnostics.map(diagnosticRow);
  return fitSections(
    [
      {
        open: lines.length === 0 ? open : [...open, ...table],
        lines,
        close: [],
        noun: "mistake",
        share: commentLimit,
      },
    ],
    commentLimit,
  );
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
