// `deny` and `separate`: what somebody holds and may not, or may not together.

import { effectivePrivileges } from "../../access/effective.ts";
import type { Sought } from "../../access/reach.ts";
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
      isBrought: holding.privileges.some((name) => isNew(facts, id, holding.path, name)),
      concerns: { kind: "paths", paths: [holding.path] },
    })),
  );
}

export function unseparated(
  facts: Facts,
  { ids, findHoldings }: Holders,
  rule: SeparateRule,
): readonly Violation[] {
  const [first, second] = [compilePower(rule.between[0]), compilePower(rule.between[1])];
  return ids.filter(holdersTakenBy(rule, facts.after.state)).flatMap((id) => {
    const both = [holdingsOf(id, first), holdingsOf(id, second)];
    if (both.some((holdings) => holdings.length === 0)) return [];
    const isBrought = both.some((holdings) => holdings.every((holding) => isWhollyNew(facts, id, holding)));
    return [{ ...bothChains(facts, id, both), isBrought }];
  });

  function holdingsOf(id: AuthId, sought: Sought): readonly Holding[] {
    return findHoldings(id, sought);
  }
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
    says: chains.map((ones) => ones.map(({ says }) => says).join("; ")).join(" — and "),
    joins: [...new Set(all.flatMap(({ joins }) => joins))],
    isDeclared: all.some(({ isDeclared }) => isDeclared),
    concerns: { kind: "paths", paths: both.flat().map(({ path }) => path) },
  };
}

function isWhollyNew(facts: Facts, id: AuthId, { path, privileges }: Holding): boolean {
  return privileges.every((name) => isNew(facts, id, path, name));
}

/** Whether the privilege is one that somebody could not use there before. */
function isNew({ before, after, nowSeconds }: Facts, id: AuthId, path: string, name: string): boolean {
  if (before === undefined || before === after) return false;
  if (!isUsable(before.state, id, nowSeconds)) return true;
  const held: ReadonlyMap<string, boolean> = effectivePrivileges(before, id, path);
  return !held.has(name);
}
