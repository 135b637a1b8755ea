// From differences and notes to what a plan shows: changes with their fields, findings with the changes they concern.

import type { DesiredState } from "../model/desired.ts";
import type { PasswordOrigin } from "../model/password.ts";
import { wordReference } from "../model/secret.ts";
import { sortedBy } from "../support/compare.ts";
import { actionOf, keyOf, nameOf, type Difference } from "./difference.ts";
import { fieldsOf } from "./fields.ts";
import type { Change, FieldChange, Finding } from "./plan.ts";
import type { ChangeKey, Note, Remarks } from "./settling.ts";

export function changeFor(
  difference: Difference,
  { desired, remarks, held }: { desired: DesiredState; remarks: Remarks; held: ReadonlySet<ChangeKey> },
): Change {
  const origin = remarks.origins.get(keyOf(difference));
  return {
    action: actionOf(difference),
    kind: difference.kind,
    name: nameOf(difference),
    fields: [...fieldsOf(difference), ...passwordField(difference, desired)],
    ...(origin?.source && { source: origin.source }),
    // A user that no manifest names changes only because of its groups.
    reason: origin?.reason ?? "declared",
    held: held.has(keyOf(difference)),
  };
}

function passwordField(difference: Difference, { users }: DesiredState): readonly FieldChange[] {
  if (difference.kind !== "User" || difference.before || !difference.after) return [];
  const password = users.get(difference.after.user.id)?.password;
  return password ? [{ field: "password", before: null, after: sourceOf(password.origin) }] : [];
}

function sourceOf(origin: PasswordOrigin): string {
  if (origin.kind === "given") return `from ${wordReference(origin.from)}`;
  return `generated, to ${origin.deliveries.map(({ sink }) => `sink ${sink.name}`).join(", ")}`;
}

/** The same mistake at two places is two findings. */
function orderOf({ severity, code, message, source, changes }: Finding): string {
  return JSON.stringify([severity, code, message, source?.file, source?.line, source?.column, changes]);
}

/** With `--only`, what is said of others than the selected is left out; a mistake in what is selected never is. */
export function findingsFrom(
  notes: readonly Note[],
  indices: ReadonlyMap<ChangeKey, number>,
  selected: ReadonlySet<ChangeKey> | undefined,
): readonly Finding[] {
  const findings = notes.flatMap(({ about, ...finding }) => {
    const changes = about.flatMap((key) => indices.get(key) ?? []);
    const isElsewhere =
      selected !== undefined &&
      about.length > 0 &&
      changes.length === 0 &&
      !about.some((key) => selected.has(key));
    return isElsewhere ? [] : [{ ...finding, changes }];
  });
  // Severity, code and message lead, so that the text of a finding is its place in the order.
  const unique = new Map(findings.map((finding) => [orderOf(finding), finding]));
  return sortedBy(unique, ([key]) => key).map(([, finding]) => finding);
}
