// In: what passes saw in the sinks of tokens. Out: what is kept of it, whether to look again, and how it is told. Pure.

import type { TargetReport } from "../reconcile/report.ts";
import type { Visit } from "../reconcile/visit.ts";
import type { Logger } from "../support/logger.ts";

type Held = NonNullable<TargetReport["held"]>;
type SinkState = Held extends ReadonlyMap<unknown, readonly (infer State)[]> ? State : never;

/** What was seen when a pass last looked into all sinks of a target. */
export interface SinksSeen {
  readonly atMs: number;
  readonly held: Held;
}

/** Whether a pass is to look: `everyMs` undefined is without `--verify-sinks`. */
export function lookFor(
  seen: SinksSeen | undefined,
  { nowMs, everyMs }: { readonly nowMs: number; readonly everyMs: number | undefined },
): Visit["look"] {
  if (everyMs === undefined) return { kind: "repaired" };
  if (seen === undefined || nowMs - seen.atMs >= everyMs) return { kind: "all" };
  return { kind: "known", held: seen.held };
}

/** What is known after a pass: where it wrote a token, nothing before the next one looks. */
export function seenAfter(
  before: SinksSeen | undefined,
  { plan, outcomes = [], held }: TargetReport,
  { look, nowMs }: { readonly look: Visit["look"]; readonly nowMs: number },
): SinksSeen | undefined {
  if (look.kind === "repaired" || held === undefined) return before;
  const written = outcomes.flatMap(({ change, status }) =>
    status === "not-attempted" ? [] : (plan?.changes[change]?.name ?? []),
  );
  return {
    atMs: look.kind === "all" ? nowMs : (before?.atMs ?? nowMs),
    held: new Map([...held].filter(([token]) => !written.includes(token))),
  };
}

interface SinkRow extends SinkState {
  readonly token: string;
}

function rowsOf(held: Held): readonly SinkRow[] {
  return [...held].flatMap(([token, states]) => states.map((state) => ({ token, ...state })));
}

export function countsOf({ held }: SinksSeen): Readonly<Record<SinkState["state"], number>> {
  const counts = { accepted: 0, refused: 0, missing: 0, unknown: 0 };
  for (const { state } of rowsOf(held)) counts[state] += 1;
  return counts;
}

/** As many as are worth a look. */
const keptRows = 200;

/** Those first that somebody has to do something about. */
export function notAccepted(held: Held): readonly SinkRow[] {
  const rows = rowsOf(held).filter(({ state }) => state !== "accepted");
  const isUnknown = ({ state }: SinkRow): boolean => state === "unknown";
  return [...rows.filter((row) => !isUnknown(row)), ...rows.filter(isUnknown)].slice(0, keptRows);
}

/** One line for each sink that does not hold what the server takes, or that can't be read back. */
export function logSinks(logger: Logger, held: Held = new Map()): void {
  for (const { token, sink, place, state, message } of notAccepted(held)) {
    const fields = { token, sink, place, state, ...(message !== undefined && { error: message }) };
    if (state === "unknown") logger.debug("sink", fields);
    else logger.warn("sink", { code: "secret-not-delivered", ...fields });
  }
}
