import { root } from "../access/nodes.ts";
import type { Trial } from "../access/trial.ts";
import { isTokenId, type AuthId, type GroupId, type SubjectKey, type UserId } from "../model/ids.ts";
import type { Safety } from "../model/target.ts";
import type { Finding } from "../plan/plan.ts";
import { administratorsIn, holdsEverything, isAdministrator } from "./administrators.ts";
import type { Evidence } from "./evidence.ts";
import { prefixesOf } from "./prefixes.ts";

/**
 * `require-admin`: whom the target names in safety.requireAdmin holds every privilege when the plan is done, and once
 * it does, after every write. A group does where one of its users does.
 */
export function findLostAdministrators(evidence: Evidence, { requireAdmin }: Safety): readonly Finding[] {
  if (requireAdmin.length === 0) return [];
  const lapses = lapsesOf(evidence, requireAdmin);
  return requireAdmin.flatMap((name) => {
    const isOne = idsOf(name, (group) => evidence.after.state.groups.get(group)?.members ?? []).some((id) =>
      isAdministrator(evidence.after, id, evidence.nowSeconds),
    );
    const lapse = lapses.get(name);
    if (isOne && lapse === undefined) return [];
    return [
      finding(evidence, name, isOne ? `between writes ${lapse} and the last` : "when the plan is done"),
    ];
  });
}

function finding({ trace }: Evidence, name: string, when: string): Finding {
  return {
    severity: "error",
    code: "require-admin",
    message:
      `safety.requireAdmin names ${name}, which would not hold every privilege on / and below ${when}: ` +
      "grant it Administrator on /, with propagate, or take the name out of the target",
    // Proof: the target's subjects were parsed, and written in their one spelling.
    changes: trace([name as SubjectKey]),
    facts: [name],
  };
}

/** By subject, the write after which it does not hold what it held before it. */
function lapsesOf(evidence: Evidence, names: readonly string[]): ReadonlyMap<string, number> {
  const holding = new Set<string>();
  const lapses = new Map<string, number>();
  for (const { trial, done } of prefixesOf(evidence)) {
    for (const name of names) {
      if (isOneNow(trial, name, evidence)) holding.add(name);
      else if (holding.has(name) && !lapses.has(name)) lapses.set(name, done);
    }
  }
  return lapses;
}

function isOneNow(trial: Trial, name: string, { plan }: Evidence): boolean {
  const ids = idsOf(name, (id) =>
    trial.reachOf({ kind: "group", id }).flatMap((one) => (isTokenId(one) ? [] : [one])),
  );
  return ids.some((id) => holdsEverything(plan.before, trial.held(id, root)));
}

function idsOf(name: string, membersOf: (group: GroupId) => readonly UserId[]): readonly AuthId[] {
  const id = name.slice(name.indexOf(":") + 1);
  // Proof: the target's subjects were parsed, and written as their kind, a colon and their id.
  return name.startsWith("group:") ? membersOf(id as GroupId) : [id as AuthId];
}

/** `only-root-left`: the plan takes the last administrator but the superuser. */
export function findOnlyRootLeft(evidence: Evidence, superuser: UserId): readonly Finding[] {
  const { before, after, losers, nowSeconds, trace } = evidence;
  const lost = [...losers].flatMap((key) => {
    // Proof: a SubjectKey of a user is `user:` and its id.
    const id = key.slice("user:".length) as UserId;
    return key.startsWith("user:") && isAdministrator(before, id, nowSeconds) ? [key] : [];
  });
  if (lost.length === 0) return [];
  if (administratorsIn(after, nowSeconds).some((id) => id !== superuser)) return [];
  return [
    {
      severity: "warning",
      code: "only-root-left",
      message: `${lost.join(", ")} would be an administrator no longer, and none but ${superuser} is left`,
      changes: trace(lost),
    },
  ];
}
