// Which privileges the operations need, and which of them the caller lacks when its turn comes: a 403 half-way is found
// before the first write.

import { authKey, type AuthId, type UserId } from "../model/ids.ts";
import type { Finding } from "../plan/plan.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Evidence } from "./evidence.ts";
import { lacksOf, type Lack } from "./lacks.ts";
import { prefixesOf } from "./prefixes.ts";
import { standingAt, standingIn } from "./standing.ts";

export interface Applying {
  /** The identity that applies, and the one that needs no privilege. */
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** What a privilege that the caller lacks means: `plan` may be looked at by another identity than the one that applies. */
  readonly missingPrivilege: Finding["severity"];
}

/** `missing-privilege` for what the caller never had, `caller-lockout` for what the plan takes from it too early. */
export function findMissingPrivileges(evidence: Evidence, applying: Applying): readonly Finding[] {
  const { caller, superuser, missingPrivilege } = applying;
  if (evidence.plan.operations.length === 0 || caller === superuser) return [];
  const { missing, taken } = lacksAlong(evidence, caller);
  return [
    ...[...missing].map(([lack, { changes }]): Finding => ({
      severity: missingPrivilege,
      code: "missing-privilege",
      message: `${caller} lacks ${lack}, which ${changes.size === 1 ? "a change needs" : `${changes.size} changes need`}`,
      changes: [...changes].sort((a, b) => a - b),
      count: changes.size,
      facts: [lack],
    })),
    ...[...taken].map(([lack, { firstWrite }]): Finding => ({
      severity: "error",
      code: "caller-lockout",
      message:
        `${caller} has ${lack} now and would lose it before write ${firstWrite}, which needs it: ` +
        "leave it this privilege, or apply as another identity",
      changes: evidence.trace([authKey(caller)]),
      facts: [lack],
    })),
  ];
}

interface Need {
  readonly firstWrite: number;
  readonly changes: Set<number>;
}

interface Lacks {
  readonly missing: Map<Lack, Need>;
  readonly taken: Map<Lack, Need>;
}

function lacksAlong(evidence: Evidence, caller: AuthId): Lacks {
  const lacks: Lacks = { missing: new Map(), taken: new Map() };
  const { before, nowSeconds, plan } = evidence;
  const atFirst = standingAt(before, nowSeconds, caller, plan);
  for (const { trial, next, done } of prefixesOf(evidence)) {
    const now = lacksOf(next, standingIn(trial, caller, plan));
    if (now.length === 0) continue;
    const first = new Set(lacksOf(next, atFirst));
    for (const lack of now) {
      const need = getOrAdd(first.has(lack) ? lacks.missing : lacks.taken, lack, () => ({
        firstWrite: done + 1,
        changes: new Set<number>(),
      }));
      for (const change of next.changes) need.changes.add(change);
    }
  }
  return lacks;
}
