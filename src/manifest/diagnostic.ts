// In: a span of a file and what is wrong there. Out: Diagnostic, with all that is needed to print it.
// Must not know: what names mean, how diagnostics are shown.

import { compareText } from "../support/compare.ts";
import { comparePlaces, type Place } from "../support/place.ts";
import { printable } from "../support/printable.ts";

/** Stable: users look them up and tests assert them. */
export type DiagnosticCode =
  // Files
  | "unreadable"
  | "outside-folder"
  | "file-too-large"
  | "too-many-files"
  | "not-utf8"
  | "no-manifests"
  // YAML
  | "yaml-syntax"
  | "duplicate-key"
  | "non-string-key"
  | "unsupported-yaml"
  | "unknown-alias"
  | "alias-expansion"
  | "too-deep"
  // Shape
  | "not-a-manifest"
  | "unknown-api-version"
  | "unknown-kind"
  | "unknown-field"
  | "missing-field"
  | "wrong-type"
  | "invalid-value"
  | "literal-secret"
  | "unsupported"
  | "misplaced"
  // Meaning
  | "invalid-name"
  | "reserved-name"
  | "built-in"
  | "unknown-privilege"
  | "unknown-role"
  | "unknown-subject"
  | "invalid-path"
  | "invalid-expiry"
  | "invalid-validity"
  | "validity-over"
  | "conflicting-fields"
  | "role-cycle"
  | "root-acl"
  // Of a target
  | "no-target"
  | "unknown-target"
  | "plain-http"
  | "selected-nowhere"
  | "duplicate-object"
  | "conflicting-manifests"
  | "conflicting-propagate"
  | "mentions-absent"
  | "ignored-pair"
  | "out-of-scope"
  | "secret-out-of-bounds"
  | "unknown-sink"
  | "sink-out-of-bounds"
  | "sink-collision";

/** A piece of a file, as a person is shown it. */
export interface Span {
  readonly place: Place;
  /**
   * The source line, printable, at most 160 characters of it around the place, values at a secret's place masked.
   * Empty where there is no line to show (a missing file).
   */
  readonly excerpt: string;
  /** Characters of `excerpt` before the caret. Not `place.column - 1` where the line was cut or masked. */
  readonly caret: number;
  /** Carets to draw, at least 1. */
  readonly width: number;
}

/** A mistake, or what looks like one, that somebody can mend in a file. */
export interface Diagnostic extends Span {
  readonly severity: "error" | "warning";
  readonly code: DiagnosticCode;
  /** One sentence without a full stop; printable, and never with a secret. */
  readonly message: string;
  /** What to do or what was meant. */
  readonly hint?: string;
  /** The other place, where a mistake is between two. */
  readonly related?: Place;
}

export interface Said {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: Place | undefined;
}

export function errorAt(span: Span, said: Said): Diagnostic {
  return diagnosticAt("error", span, said);
}

export function warningAt(span: Span, said: Said): Diagnostic {
  return diagnosticAt("warning", span, said);
}

function diagnosticAt(severity: Diagnostic["severity"], span: Span, said: Said): Diagnostic {
  return {
    severity,
    code: said.code,
    message: said.message,
    place: span.place,
    excerpt: span.excerpt,
    caret: span.caret,
    width: span.width,
    ...(said.hint !== undefined && { hint: said.hint }),
    ...(said.related !== undefined && { related: said.related }),
  };
}

/** Where a whole file, or no file at all, is what is wrong. `file` must be printable. */
export function spanOfFile(file: string): Span {
  return { place: { file, line: 1, column: 1 }, excerpt: "", caret: 0, width: 1 };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** By place, then code and message; each once, since one manifest may be wrong in the same way on many targets. */
export function sortedDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byText = new Map(diagnostics.map((diagnostic) => [identityOf(diagnostic), diagnostic]));
  return [...byText.values()].sort(
    (a, b) => comparePlaces(a.place, b.place) || compareText(identityOf(a), identityOf(b)),
  );
}

function identityOf({ place, severity, code, message }: Diagnostic): string {
  return JSON.stringify([place.file, place.line, place.column, severity, code, message]);
}

/** A place in a message: `users.yaml:12:3`. */
export function wordPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** `did you mean VM.Audit?`, or nothing where no word is near. */
export function didYouMean(word: string | undefined): string | undefined {
  return word === undefined ? undefined : `did you mean ${printable(word)}?`;
}
