// What the daemon shows to people: values for a maker of pages, which is handed in. Must not know: HTML.

import type { Heard, Question } from "./explorer.ts";
import type { KeptPlan } from "./kept-plan.ts";
import type { StatusDocument, TargetDocument } from "./status.ts";

/** Whose questions about access are answered. */
export type Askers = "local" | "anyone" | "nobody";

/** What there is to say to a question; `heard` where a server was, or was to be, asked. */
export type Reply =
  | { readonly kind: "nothing-asked" }
  | { readonly kind: "no-such-target" }
  /** Who asks is none of the askers. */
  | { readonly kind: "not-allowed"; readonly askers: Askers }
  /** The browser was sent here by a page of somebody else: it takes a person to ask. */
  | { readonly kind: "not-confirmed" }
  | Heard;

export interface AskedQuestion extends Question {
  readonly target: string | undefined;
}

export interface Pages {
  readonly overview: (status: StatusDocument, query: URLSearchParams) => string;
  readonly target: (status: StatusDocument, target: TargetDocument, plan: KeptPlan | undefined) => string;
  readonly access: (status: StatusDocument, asked: AskedQuestion, reply: Reply) => string;
  readonly missing: (status: StatusDocument, name: string) => string;
  /** What the pages refer to, by path. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: string }>;
}
