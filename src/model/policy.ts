// In: nothing. Out: what a Policy manifest asks to be true of a target. Must not know: how it was written, who breaks it.
// Privileges, paths and subjects are globs; subjects as `user:…`, `group:…`, `token:…`.

import type { Place } from "../support/place.ts";
import type { Subject } from "./ids.ts";

export interface Policy {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  readonly source: Place;
}

export type PolicyRule = DenyRule | RequireRule | SeparateRule;

interface Ruling {
  readonly name: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Whom it speaks of, and whom not. */
  readonly subjects: readonly string[];
  readonly except: readonly string[];
  readonly source: Place;
}

/** Any of some privileges on any of some paths. */
export interface Power {
  readonly privileges: readonly string[];
  readonly paths: readonly string[];
}

/** Nobody holds this. */
export interface DenyRule extends Ruling {
  readonly kind: "deny";
  readonly power: Power;
}

/** Nobody holds both. */
export interface SeparateRule extends Ruling {
  readonly kind: "separate";
  readonly between: readonly [Power, Power];
}

export interface RequireRule extends Ruling {
  readonly kind: "require";
  readonly requirement: Requirement;
}

export type Requirement =
  | { readonly kind: "privilege-separation" }
  /** `words` as the manifest has it: `90d`. */
  | { readonly kind: "expire-within"; readonly seconds: number; readonly words: string }
  /** One of these globs, in which `*` is any run, takes the comment. */
  | { readonly kind: "comment"; readonly globs: readonly string[] }
  /** ACL entries on these paths are of such subjects. */
  | {
      readonly kind: "entry-subjects";
      readonly kinds: readonly Subject["kind"][];
      readonly paths: readonly string[];
    };
