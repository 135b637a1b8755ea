import type { AclPath, SubjectKey } from "../../model/ids.ts";
import type { ChangeKey } from "../../plan/settling.ts";
import type { Place } from "../../support/place.ts";

/** One subject that breaks a rule. */
export interface Violation {
  readonly subject: SubjectKey;
  /** What it holds or lacks, and the chain of entries that leads there. Equal for all for whom that is the same. */
  readonly says: string;
  /** Where it was made a member of the groups in the chain. */
  readonly joins: readonly string[];
  /** Whether a manifest declares something of the chain. */
  readonly isDeclared: boolean;
  /** Whether it was not so before. */
  readonly isBrought: boolean;
  /** What could be changed about it: an object, or what decides about the subject on these paths. */
  readonly concerns:
    | { readonly kind: "paths"; readonly paths: readonly AclPath[] }
    | { readonly kind: "object"; readonly key: ChangeKey };
}

/** As chains name it: `access.yaml:12`, or that there is none. */
export function wordSource(place: Place | undefined): string {
  return place === undefined ? "no manifest" : `${place.file}:${place.line}`;
}
