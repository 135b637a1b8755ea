/** Why something that lies outside the manifests could not be read or written. */
export interface SecretProblem {
  readonly code:
    | "secret-missing"
    | "secret-empty"
    | "secret-unreadable"
    | "secret-too-large"
    | "secret-refused"
    | "secret-unfit"
    | "text-missing"
    | "id-invalid"
    | "ca-unreadable"
    | "exec-off"
    | "exec-failed"
    | "sink-unwritable"
    | "sink-unreadable"
    | "sink-empty"
    | "sink-occupied"
    | "sink-escape"
    | "sink-key-invalid"
    | "sink-owner-unknown"
    | "sink-recipient-invalid"
    | "password-length";
  /** Names the reference or the file, never what is in it. */
  readonly message: string;
}

export type Resolved<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly SecretProblem[] };

export function resolved<T>(value: T): Resolved<T> {
  return { ok: true, value };
}

export function unresolved(code: SecretProblem["code"], message: string): Resolved<never> {
  return { ok: false, problems: [{ code, message }] };
}

/** Both values, or the problems of both: all that is missing is said at once. */
export function bothResolved<A, B>(a: Resolved<A>, b: Resolved<B>): Resolved<readonly [A, B]> {
  if (a.ok && b.ok) return resolved([a.value, b.value]);
  return { ok: false, problems: [...problemsOf(a), ...problemsOf(b)] };
}

export function everyResolved<T>(all: readonly Resolved<T>[]): Resolved<readonly T[]> {
  const problems = all.flatMap((one) => problemsOf(one));
  if (problems.length > 0) return { ok: false, problems };
  return resolved(all.flatMap((one) => (one.ok ? [one.value] : [])));
}

function problemsOf(one: Resolved<unknown>): readonly SecretProblem[] {
  return one.ok ? [] : one.problems;
}
