// What one identity of a target is to be given, worked out from the manifests alone: a new user is nowhere yet.

import type { DesiredState } from "../model/desired.ts";
import { isTokenId, ownerOf, type AuthId, type Subject, type UserId } from "../model/ids.ts";
import { leastEntries, type LeastEntry } from "./least-entries.ts";
import type { Scene } from "./needs.ts";
import { applyingPurposes, readingPurpose } from "./purposes.ts";

/** `plan` reads everything; `apply` does too, and writes whatever the manifests can ask for. */
export type GrantPurpose = "plan" | "apply";

export interface CallerGrant {
  readonly purpose: GrantPurpose;
  readonly caller: AuthId;
  /** Who the entries are of: a token that is not separated has them by its owner. */
  readonly holder: Subject;
  /** Of a token. */
  readonly privilegeSeparation: boolean;
  /** Empty for the superuser, who needs none. */
  readonly entries: readonly LeastEntry[];
  /** What the manifests can't tell. */
  readonly notes: readonly string[];
}

interface Asking {
  readonly purpose: GrantPurpose;
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** The target's identities: two tokens of one owner must not have each other's entries. */
  readonly callers: readonly AuthId[];
}

export function grantFor(desired: DesiredState, asking: Asking): CallerGrant {
  const { purpose, caller, superuser } = asking;
  const purposes =
    purpose === "plan"
      ? [readingPurpose]
      : [readingPurpose, ...applyingPurposes(desired, unseenScene(caller))];
  const privilegeSeparation = isSeparated(asking);
  const entries = caller === superuser ? [] : leastEntries(purposes);
  return {
    purpose,
    caller,
    holder: holderOf(caller, privilegeSeparation),
    privilegeSeparation,
    entries,
    notes: caller === superuser ? [] : notesOn(asking, entries, privilegeSeparation),
  };
}

/** Nothing of the server is known: nobody is in a group yet, and no role can be handed on for being had. */
function unseenScene(caller: AuthId): Scene {
  return {
    isSelf: (user) => user === caller,
    groupsOf: () => [],
    // Only the server knows what a role holds: nobody has all of it for sure.
    privilegesOf: () => ["?"],
    delegation: "own",
  };
}

/**
 * A user that is there for its token alone is bound enough by its own entries. The superuser's can't be bound by its
 * owner, nor can a token that plans by an owner who applies.
 */
function isSeparated({ purpose, caller, superuser, callers }: Asking): boolean {
  if (!isTokenId(caller)) return false;
  const owner = ownerOf(caller);
  if (owner === superuser) return true;
  const isShared = callers.some(
    (other) => other !== caller && (isTokenId(other) ? ownerOf(other) : other) === owner,
  );
  return purpose === "plan" && isShared;
}

function holderOf(caller: AuthId, privilegeSeparation: boolean): Subject {
  if (!isTokenId(caller)) return { kind: "user", id: caller };
  return privilegeSeparation ? { kind: "token", id: caller } : { kind: "user", id: ownerOf(caller) };
}

function notesOn(
  { purpose, caller, superuser }: Asking,
  entries: readonly LeastEntry[],
  privilegeSeparation: boolean,
): readonly string[] {
  const mayMakeRoles = entries.some(({ privilege }) => privilege === "Sys.Modify");
  const isBound = privilegeSeparation && isTokenId(caller) && ownerOf(caller) !== superuser;
  return [
    `what ${caller} has already on these paths or below counts too, and may replace these: rolecall doctor looks at it`,
    ...(isTokenId(caller)
      ? [
          `where ${caller} does not live yet, its manifest also needs a sink of its target for the secret, as ` +
            "sinks: [{ name: …, as: … }]: apply makes no token without one (token-without-sink)",
        ]
      : []),
    ...(purpose === "apply" && !mayMakeRoles
      ? [
          "where no order of the writes is clean, a plan makes a temporary role, which takes Sys.Modify on /access: " +
            "plan says so beforehand (missing-privilege)",
        ]
      : []),
    ...(isBound
      ? [`the token has no more than its owner ${ownerOf(caller)}, who applies and so can read everything`]
      : []),
  ];
}
