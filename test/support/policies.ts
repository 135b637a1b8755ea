// In: terse rules. Out: policies of one rule, as manifests give them. Must not know: what a test asks.

import type { Policy, PolicyRule, Requirement } from "../../src/model/policy.ts";
import { aPlace } from "./desired-builders.ts";

interface TerseWho {
  readonly subjects?: readonly string[];
  readonly except?: readonly string[];
  readonly severity?: "error" | "warning";
}

export interface TersePower {
  readonly privileges: readonly string[];
  readonly paths?: readonly string[];
}

function policyOf(rule: PolicyRule): Policy {
  return { name: "p", rules: [rule], source: aPlace("policy") };
}

function ruling({ subjects = ["**"], except = [], severity = "error" }: TerseWho): Omit<PolicyRule, "kind"> {
  return { name: "r", severity, message: "not so", subjects, except, source: aPlace("policy") };
}

function powerOf({ privileges, paths = ["/**"] }: TersePower): Required<TersePower> {
  return { privileges, paths };
}

export function aDenial({ privileges, paths, ...who }: TersePower & TerseWho): Policy {
  const power = powerOf({ privileges, ...(paths && { paths }) });
  return policyOf({ kind: "deny", ...ruling(who), power });
}

export function aSeparation(first: TersePower, second: TersePower, who: TerseWho = {}): Policy {
  return policyOf({ kind: "separate", ...ruling(who), between: [powerOf(first), powerOf(second)] });
}

export function aRequirement(requirement: Requirement, who: TerseWho = {}): Policy {
  return policyOf({ kind: "require", ...ruling(who), requirement });
}
