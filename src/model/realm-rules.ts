// In: nothing. Out: what a product says of realms and their options, as a table. Must not know: any product's options.

import type { Setting } from "./access-state.ts";

/** What an option holds. */
export type OptionForm =
  | { readonly kind: "flag" }
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "text"; readonly maximum?: number; readonly shape?: TextShape }
  /** Names with commas between; their order is the user's. */
  | { readonly kind: "list"; readonly member: TextShape }
  /** `name=attribute` with commas between, in whatever order. */
  | { readonly kind: "pairs" }
  /** `key=value` with commas between, the keys known. */
  | {
      readonly kind: "properties";
      readonly maximum?: number;
      readonly properties: Readonly<Record<string, PropertyForm>>;
      /** Without this one it means nothing. */
      readonly required?: string;
      /** By the value of `required`: which others go with it. */
      readonly variants?: Readonly<Record<string, Variant>>;
    };

interface Variant {
  readonly takes: readonly string[];
  readonly needs: readonly string[];
}

export type PropertyForm =
  | { readonly kind: "flag" }
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "text"; readonly shape: TextShape }
  /** Any of the values with `;` between, in this order, or `none`. */
  | { readonly kind: "set"; readonly values: readonly string[] };

/** A text that the server takes, and what it is in words: `a host name or an IP address`. */
export interface TextShape {
  readonly fits: (text: string) => boolean;
  readonly says: string;
}

export interface RealmOption {
  readonly types: readonly string[];
  /** Types that can't be without it: it is never taken off and never empty. */
  readonly requiredBy?: readonly string[];
  readonly form: OptionForm;
  /** What an absent one means, where the server says so. */
  readonly otherwise?: Setting;
  /** Set at creation, and then never again. */
  readonly fixed?: true;
  /** The first release that has it, as `[8, 4]`. */
  readonly since?: readonly number[];
  /** What releases before `until` ask of it beside. */
  readonly earlier?: { readonly until: readonly number[]; readonly shape: TextShape };
}

/** A setting that is written and never read back. */
export interface RealmSecret {
  /** The option that it belongs to: where that is another one, what the server has is of the one before. */
  readonly of: string;
  /** No parameter of its own: the option holds it under this name, where it says so, and is sent whole with it. */
  readonly within?: { readonly property: string; readonly where: string };
}

export interface RealmRules {
  readonly types: readonly string[];
  /** Types of realms that Rolecall can make; the others are there, and only one of each. */
  readonly creatable: readonly string[];
  /** Types whose users and groups can be fetched from a directory. */
  readonly synchronised: readonly string[];
  readonly options: ReadonlyMap<string, RealmOption>;
  /** By type: the names of its secrets. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly secretSettings: ReadonlyMap<string, RealmSecret>;
  /** The comment that a built-in realm has where nobody gave it one. */
  readonly builtInComments: ReadonlyMap<string, string>;
  readonly commentLimit: number;
  /** The first release with jobs that fetch users by a schedule. */
  readonly syncJobsSince: readonly number[];
  /** The first release that asks a directory, where it is told to, before it stores a realm. */
  readonly checksSince: readonly number[];
}
