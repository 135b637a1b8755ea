// `deny` and `separate`: what somebody holds and may not, or may not together.

import { effectivePrivileges } from "../../access/effective.ts";
import { isUsable } from "../../access/usable.ts";
import { authKey, type AuthId } from "../../model/ids.ts";
import type { DenyRule, SeparateRule } from "../../model/policy.ts";
import { chainOf } from "./chain.ts";
import type { Facts } from "./facts.ts";
import { compilePower, type FindHoldings, type Holding } from "./holdings.ts";
import { holdersTakenBy } from "./subjects.ts";
import type { Violation } from "./violation.ts";

/** Those who can log in, with what is known of their holdings. */
export interface Holders {
  readonly ids: readonly AuthId[];
  readonly findHoldings: FindHoldings;
}

export function denied(facts: Facts, { ids, findHoldings }: Holders, rule: DenyRule): readonly Violation[] {
  const power = compilePower(rule.power);
  return ids.filter(holdersTakenBy(rule, facts.after.state)).flatMap((id) =>
    findHoldings(id, power).map((holding) => ({
      subject: authKey(id),
      ...chainOf(facts, id, holding),
      isBrought: newnessOf(facts, id, holding) !== "none",
      concerns: { kind: "paths", paths: holding.paths },
    })),
  );
}

export function heldTogether(
  facts: Facts,
  { ids, findHoldings }: Holders,
  rule: SeparateRule,
): readonly Violation[] {
  const powers = rule.between.map(compilePower);
  return ids.filter(holdersTakenBy(rule, facts.after.state)).flatMap((id) => {
    const both = powers.map((power) => findHoldings(id, power));
    if (both.some((holdings) => holdings.length === 0)) return [];
    // Nothing of one of the two was there before.
    const isBrought = both.some((holdings) =>
      holdings.every((holding) => newnessOf(facts, id, holding) === "all"),
    );
    return [{ ...bothChains(facts, id, both), isBrought }];
  });
}

function bothChains(
  facts: Facts,
  id: AuthId,
  both: readonly (readonly Holding[])[],
): Omit<Violation, "isBrought"> {
  const chains = both.map((holdings) => holdings.map((holding) => chainOf(facts, id, holding)));
  const all = chains.flat();
  return {
    subject: authKey(id),
    says: chains.map((ones) => ones.map(({ says }) => says).join("; ")).join("; and "),
    joins: [...new Set(all.flatMap(({ joins }) => joins))],
    isDeclared: all.some(({ isDeclared }) => isDeclared),
    concerns: { kind: "paths", paths: both.flat().flatMap(({ paths }) => paths) },
  };
}

/** How much of it somebody could not use before. */
function newnessOf(
  { before, after, nowSeconds }: Facts,
  id: AuthId,
  { paths, privileges }: Holding,
): "none" | "some" | "all" {
  if (before === undefined || before === after) return "none";
  if (!isUsable(before.state, id, nowSeconds)) return "all";
  const isNew = paths.flatMap((path) => {
    const held = effectivePrivileges(before, id, path);
    return privileges.map((name) => !held.has(name));
  });
  if (isNew.every(Boolean)) return "all";
  return isNew.some(Boolean) ? "some" : "none";
}
