// Token differences → writes: a secret comes to be in one write, and is confirmed by the next once it is delivered.

import type { AccessState, Token } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import { subjectKey, type TokenId } from "../model/ids.ts";
import { grantsFor, type PairChange } from "./acl-writes.ts";
import { changedOf } from "./changed.ts";
import type { Difference } from "./difference.ts";
import { pairsOf } from "./pairs.ts";
import type { Operation, Write } from "./plan.ts";

type TokenDifference = Extract<Difference, { kind: "Token" }> & { readonly index: number };

interface Ground {
  readonly desired: DesiredState;
  readonly nowSeconds: number;
}

export function tokenWrites(difference: TokenDifference, ground: Ground): readonly Operation[] {
  const { before, after, index, renewal } = difference;
  if (!after || renewal?.way === "replace") return [];
  const changes = [index];
  if (!before)
    return issued({ kind: "create-token", token: after, ...issueOf(after, ground) }, after, changes);
  const { expire, ...rest } = changedOf(before, after);
  if (renewal === undefined) {
    const set = { ...rest, ...(expire !== undefined && { expire }) };
    return Object.keys(set).length === 0 ? [] : [{ kind: "update-token", id: after.id, set, changes }];
  }
  const reissue = {
    kind: "reissue-token",
    id: after.id,
    ...issueOf(after, ground),
    liveExpire: before.expire,
  } as const;
  return [
    ...(Object.keys(rest).length === 0
      ? []
      : [{ kind: "update-token", id: after.id, set: rest, changes } as const]),
    ...issued(reissue, after, changes),
  ];
}

/** Every token that is deleted, made and granted again, with the index of its change. */
export function replacedTokens(differences: readonly TokenDifference[]): ReadonlyMap<TokenId, number> {
  return new Map(
    differences.flatMap(({ after, renewal, index }) =>
      after && renewal?.way === "replace" ? [[after.id, index] as const] : [],
    ),
  );
}

/**
 * The token goes with its entries, and comes back with all that it should have: those follow it as closely as may be.
 * `entries` are the changes of its own pairs.
 */
export function replaceWrites(
  { after, index, renewal }: TokenDifference,
  entries: readonly PairChange[],
  ends: Ground & { readonly after: AccessState },
): readonly Operation[] {
  if (!after || renewal?.way !== "replace") return [];
  const making = issued({ kind: "create-token", token: after, ...issueOf(after, ends) }, after, [index]);
  if (making.length === 0) return [];
  const own = pairsOf(ends.after.acl.filter(({ subject }) => subjectKey(subject) === `token:${after.id}`));
  const missing = [...own.values()].map((pair) => ({ index, after: pair }));
  const lost = entries.filter(({ before }) => before !== undefined).map((entry) => entry.index);
  return [
    { kind: "delete-token", id: after.id, changes: [index, ...lost] },
    ...making,
    ...grantsFor(missing, new Map(), own),
  ];
}

/** The clocks of the planner and of the sender may differ, and a person may take some hours to agree. */
const nearSeconds = 86_400;

function issueOf(
  { id, expire }: Token,
  { desired, nowSeconds }: Ground,
): Pick<Issue, "deliveries" | "endsBefore"> {
  const isNear = expire !== 0 && expire < nowSeconds + nearSeconds;
  return { deliveries: desired.tokens.get(id)?.deliveries ?? [], ...(isNear && { endsBefore: expire }) };
}

type Issue = Extract<Write, { kind: "create-token" | "reissue-token" }>;

/** The declared expiry is set by a write of its own, once the secret is delivered: so the server itself records that. */
function issued(issue: Issue, token: Token, changes: readonly number[]): readonly Operation[] {
  // Without a sink the plan is refused (token-without-sink), so there is nothing to carry out.
  if (issue.deliveries.length === 0) return [];
  const confirm = { kind: "update-token", id: token.id, set: { expire: token.expire }, changes } as const;
  return [{ ...issue, changes }, confirm];
}
