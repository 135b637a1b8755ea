// The codes of all findings, and what a person may do about one that refuses a plan.

import { nearest } from "../support/suggest.ts";

/**
 * `risk`: the plan can be carried out, and somebody may decide that it is meant. `mistake`: what is declared can't be as
 * it is declared, or asked for, so that letting it pass would only hide that. `remark`: never refuses. The first two may also
 * be told as warnings.
 */
type Weight = "risk" | "mistake" | "remark";

const weights = {
  "max-deletes": "risk",
  "max-revocations": "risk",
  protected: "risk",
  "require-admin": "risk",
  "caller-lockout": "risk",
  "missing-privilege": "risk",
  "own-token": "risk",
  escalation: "risk",
  paused: "risk",
  "policy-deny": "risk",
  "policy-require": "risk",
  "policy-separate": "risk",
  "config-too-large": "risk",
  "cascade-out-of-scope": "risk",
  "realm-strands-users": "risk",
  "realm-second-factor": "risk",
  "realm-type-fixed": "mistake",
  "realm-option-fixed": "mistake",
  "realm-option-unsupported": "mistake",
  "realm-incomplete": "mistake",
  "realm-secret-missing": "mistake",
  "realms-unreadable": "mistake",
  "reference-unknown": "mistake",
  "reference-unmanaged": "mistake",
  "out-of-scope": "mistake",
  "only-unknown": "mistake",
  "token-without-sink": "mistake",
  "path-unsupported": "mistake",
  "pool-not-creatable": "mistake",
  "pool-not-empty": "mistake",
  "guest-in-other-pool": "mistake",
  "rotation-unsupported": "mistake",
  "caller-lowered": "remark",
  "only-root-left": "remark",
  "undeclared-privilege": "remark",
  "transient-excess": "remark",
  "transient-gap": "remark",
  "token-gap": "remark",
  "token-comment-stays": "remark",
  "secret-not-delivered": "remark",
  "exec-off": "remark",
  "directory-object-missing": "remark",
  "directory-membership": "remark",
  "privilege-unknown": "remark",
  "kind-undeclared": "remark",
  "dangling-entry": "remark",
  "left-over-entry": "remark",
  "member-unreadable": "remark",
  "password-not-enforceable": "remark",
  "token-without-acl": "remark",
  "token-entry-unbacked": "remark",
  "token-of-administrator": "remark",
  "token-of-disabled-user": "remark",
  "entry-hidden": "remark",
  "pool-unknown": "remark",
  "sync-removes-entries": "remark",
  "sync-jobs-several": "remark",
  "sync-jobs-unseen": "remark",
} as const satisfies Readonly<Record<string, Weight>>;

export type FindingCode = keyof typeof weights;

/** Whether a finding with this code may refuse a plan, and then be let pass. */
export function isApprovable(code: FindingCode): boolean {
  return weights[code] === "risk";
}

/** Why a word names no finding that can be let pass, and what to do about it; undefined where it does. */
export function unapprovable(word: string): { readonly problem: string; readonly hint: string } | undefined {
  if (!isFindingCode(word)) {
    const approvable = findingCodes.filter(isApprovable);
    const near = nearest(word, approvable);
    const hint = near === undefined ? `approvable are ${approvable.join(", ")}` : `did you mean ${near}?`;
    return { problem: "is not the code of a finding", hint };
  }
  switch (weights[word]) {
    case "risk":
      return undefined;
    case "mistake":
      return { problem: "says what can't be done as it is declared", hint: "correct the manifest" };
    case "remark":
      return { problem: "is a warning and refuses nothing", hint: "leave the approval out" };
  }
}

function isFindingCode(word: string): word is FindingCode {
  return Object.hasOwn(weights, word);
}

// Proof: the keys of an object literal of exactly this type.
export const findingCodes = Object.keys(weights) as readonly FindingCode[];
