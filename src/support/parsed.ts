/** What a parser gives: the value, or why the text is not one. The problem completes a sentence: "NAME PROBLEM". */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unparsed(problem: string): Parsed<never> {
  return { ok: false, problem };
}
