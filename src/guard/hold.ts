// safety.onFinding: hold. What is refused waits, and the rest proceeds: an urgent removal must not wait for somebody
// else's mistake.

import type { Finding, Plan } from "../plan/plan.ts";
import { changeKey, type ChangeKey } from "../plan/settling.ts";
import { isRefused, sortFindings } from "./judge.ts";

/** A plan with all that was found. */
export interface Judged {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
}

/** What the errors concern; undefined where there is none, or where one concerns no change that could wait. */
export function changesToHold(
  { changes }: Plan,
  findings: readonly Finding[],
): ReadonlySet<ChangeKey> | undefined {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (!isRefused(findings) || errors.some((error) => error.changes.length === 0)) return undefined;
  const concerned = errors.flatMap((error) => error.changes.flatMap((index) => changes[index] ?? []));
  return new Set(concerned.map(({ kind, name }) => changeKey(kind, name)));
}

/**
 * The second plan, with what the first was refused for: an error whose changes are all held refuses no more. What is
 * new in the second plan still does.
 */
export function withoutHeld(first: Judged, second: Judged): Judged {
  const { plan } = second;
  // Holding leaves every change where it was in the list.
  const isHeld = ({ severity, changes }: Finding): boolean =>
    severity === "error" &&
    changes.length > 0 &&
    changes.every((index) => plan.changes[index]?.held === true);
  const reasons = first.findings.filter(isHeld);
  const others = second.findings.filter((finding) => !isHeld(finding));
  return { plan, findings: sortFindings([...reasons.map(asHeld), ...others]) };
}

function asHeld(finding: Finding): Finding {
  return { ...finding, severity: "warning", message: `${finding.message} (its changes are held)` };
}
