// What of the chain to a holding is each subject's own: its memberships, and for a token that it is not separated.

import { isTokenId, ownerOf, type AuthId } from "../../model/ids.ts";
import type { Facts } from "./facts.ts";
import type { Holding } from "./holdings.ts";
import { wordSource, type Violation } from "./violation.ts";

export type Chain = Pick<Violation, "says" | "joins" | "isDeclared">;

export function chainOf({ after, declared }: Facts, id: AuthId, holding: Holding): Chain {
  const user = isTokenId(id) ? ownerOf(id) : id;
  const joins = holding.groups.map((group) => {
    const place = declared.placeOfMember(group, user);
    const who = isTokenId(id) ? "owner " : "";
    return { place, words: `${who}in group ${group} by ${wordSource(place)}` };
  });
  const isJoined = joins.some(({ place }) => place !== undefined);
  const chain = {
    says: holding.says,
    joins: joins.map(({ words }) => words),
    isDeclared: holding.isDeclared || isJoined,
  };
  // An unseparated token holds what its owner does, whatever entries it has itself.
  if (!isTokenId(id) || after.state.tokens.get(id)?.privilegeSeparation !== false) return chain;
  const place = declared.placeOf({ kind: "token", id });
  return {
    ...chain,
    says: `${holding.says}, the token is not separated (${wordSource(place)})`,
    isDeclared: chain.isDeclared || place !== undefined,
  };
}
