import type { Diagnostic } from "../manifest/diagnostic.ts";
import type { Palette } from "../support/palette.ts";
import type { Place } from "../support/place.ts";
import { countOf } from "./count.ts";
import { printableJson, visible } from "./escape.ts";

/** Every mistake with its line and a caret below the place, and how many there are. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], palette: Palette): string {
  const blocks = diagnostics.map((diagnostic) => diagnosticLines(diagnostic, palette).join("\n"));
  return `${[...blocks, palette.bold(wordMistakes(diagnostics))].join("\n\n")}\n`;
}

function diagnosticLines(diagnostic: Diagnostic, palette: Palette): string[] {
  const colour = diagnostic.severity === "error" ? palette.red : palette.yellow;
  const { message, code, related, hint } = diagnostic;
  return [
    `${wordPosition(diagnostic.place)}: ${colour(diagnostic.severity)} ${palette.bold(code)}: ${visible(message)}`,
    ...excerptLines(diagnostic, palette),
    ...(related === undefined ? [] : [`  see also ${wordPosition(related)}`]),
    ...(hint === undefined ? [] : [`  hint: ${visible(hint)}`]),
  ];
}

function excerptLines(diagnostic: Diagnostic, palette: Palette): string[] {
  const { excerpt, caret, width } = diagnostic;
  if (excerpt === "") return [];
  const number = String(diagnostic.place.line);
  const characters = Array.from(excerpt);
  const before = cellsOf(visible(characters.slice(0, caret).join("")));
  const marked = Math.max(1, cellsOf(visible(characters.slice(caret, caret + width).join(""))));
  const margin = " ".repeat(number.length);
  return [
    `  ${palette.dim(`${number} |`)} ${visible(excerpt)}`,
    `  ${palette.dim(`${margin} |`)} ${" ".repeat(before)}${palette.red("^".repeat(marked))}`,
  ];
}

/** Cells of a terminal: East Asian characters and emoji take two, marks that combine with the last one none. */
function cellsOf(text: string): number {
  return Array.from(text).reduce((cells, character) => cells + cellsOfCharacter(character), 0);
}

function cellsOfCharacter(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const isWide =
    /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u;
  return isWide.test(character) || /[\u3000-\u303e\uff01-\uff60]/u.test(character) ? 2 : 1;
}

export function wordPosition({ file, line, column }: Place): string {
  return `${visible(file)}:${line}:${column}`;
}

/** `2 errors, 1 warning`, or that there are none. */
export function wordMistakes(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const words = [
    ...(errors === 0 ? [] : [countOf(errors, "error")]),
    ...(warnings === 0 ? [] : [countOf(warnings, "warning")]),
  ];
  return words.length === 0 ? "No mistakes found." : `${words.join(", ")}.`;
}

/** The same for programs. The excerpt stays out: the place leads to it. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return printableJson({ formatVersion: 1, diagnostics: diagnostics.map(diagnosticDocument) });
}

export function diagnosticDocument({ severity, code, message, place, related, hint }: Diagnostic): unknown {
  return {
    severity,
    code,
    message,
    source: placeDocument(place),
    ...(related !== undefined && { related: placeDocument(related) }),
    ...(hint !== undefined && { hint }),
  };
}

function placeDocument({ file, line, column }: Place): Place {
  return { file, line, column };
}
