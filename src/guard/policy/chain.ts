// The chain of entries that leads to what somebody holds, each with where a manifest declares it.

import type { Reason } from "../../access/explain.ts";
import { wordReason } from "../../access/words.ts";
import { isTokenId, ownerOf, type AuthId, type GroupId, type TokenId } from "../../model/ids.ts";
import { sortedSet } from "../../support/compare.ts";
import type { Place } from "../../support/place.ts";
import { wordNames } from "../wording.ts";
import type { Facts } from "./facts.ts";
import type { Holding } from "./holdings.ts";
import { wordSource, type Violation } from "./violation.ts";

export type Chain = Pick<Violation, "says" | "joins" | "isDeclared">;

/** `VM.Audit on /vms and below, since group ops has PVEAuditor on /vms (access.yaml:4)` */
export function chainOf(facts: Facts, id: AuthId, { where, privileges, reasons }: Holding): Chain {
  const { declared } = facts;
  const entries = reasons.map((reason) => ({
    words: wordReason(reason),
    place: reason.kind === "entry" ? declared.placeOfEntry(reason.entry) : undefined,
    isBare: reason.kind === "superuser",
  }));
  const unseparated = isTokenId(id) && facts.after.state.tokens.get(id)?.privilegeSeparation === false;
  const token = unseparated ? [{ ...tokenLink(facts, id), isBare: false }] : [];
  const links = [...entries, ...token];
  const joins = joinsOf(facts, id, reasons);
  const words = links.map(({ words, place, isBare }) => (isBare ? words : `${words} (${wordSource(place)})`));
  return {
    says: `${wordNames(privileges)} on ${where}, since ${words.join(", ")}`,
    joins: joins.map(({ words, place }) => `${words} by ${wordSource(place)}`),
    isDeclared: [...links, ...joins].some(({ place }) => place !== undefined),
  };
}

interface Link {
  readonly words: string;
  readonly place: Place | undefined;
}

/** Such a token holds what its owner does, whatever entries it has itself. */
function tokenLink({ declared }: Facts, id: TokenId): Link {
  return { words: "the token is not separated", place: declared.placeOf({ kind: "token", id }) };
}

function joinsOf({ declared }: Facts, id: AuthId, reasons: readonly Reason[]): readonly Link[] {
  const user = isTokenId(id) ? ownerOf(id) : id;
  const groups = reasons.flatMap((reason): readonly GroupId[] =>
    reason.kind === "entry" && reason.entry.subject.kind === "group" ? [reason.entry.subject.id] : [],
  );
  return sortedSet(groups).map((group) => ({
    words: `${isTokenId(id) ? "owner " : ""}in group ${group}`,
    place: declared.placeOfMember(group, user),
  }));
}
