import type { DocumentOf, ManifestKind } from "../schema/kinds.ts";
import type { Place } from "../support/place.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";

/**
 * The span of what a JSON pointer (`/spec/groups/0`) leads to: of its value or of its key. Where nothing stands at the
 * pointer, the nearest thing above it that does. Worked out when it is asked for: most places never are.
 */
export interface Locate {
  (pointer: string, part?: "value" | "key"): Span;
  /** The place alone, which costs less: every object has one, few are ever shown. */
  readonly place: (pointer: string) => Place;
}

/** One document that keeps to its kind's schema, and where it stands. What its names mean is not checked yet. */
export type Manifest = { readonly [Kind in ManifestKind]: ManifestOf<Kind> }[ManifestKind];

export interface ManifestOf<Kind extends ManifestKind> {
  readonly kind: Kind;
  readonly name: string;
  readonly document: DocumentOf[Kind];
  /** The folder that its relative paths begin at: as it was given, never shown. */
  readonly folder: string;
  /** Of its name. */
  readonly place: Place;
  readonly locate: Locate;
  /** What was wrong in it is reported, and taken out: it is read to tell the other mistakes, and nothing is planned by it. */
  readonly isPart?: true;
}

/** All that was found in some files: what could be read, and everything that is wrong with the rest. */
export interface ManifestsRead {
  /** While `unread` is not 0 some may be parts: of what is among that. */
  readonly manifests: readonly Manifest[];
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents and files that are not, or not whole, among the manifests: what is missing may stand in them. */
  readonly unread: number;
}
