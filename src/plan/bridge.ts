// A temporary role that carries a subject over a dead end: granted beside what the subject has on a path, it holds what
// the path gives at both ends, so the rest can be taken away and put back. The server forgets its entries with it.

import { subjectKey, type AclPath, type Privilege, type RoleId, type Subject } from "../model/ids.ts";
import type { Operation } from "./plan.ts";
import type { Proof } from "./proof.ts";

export interface Bridge {
  readonly up: readonly Operation[];
  readonly down: Operation;
}

/** Names that begin so are the tool's own: whatever a crash leaves behind is removed by the next pass. */
const temporaryPrefix = "rolecall-tmp-";

export function isTemporary(role: RoleId): boolean {
  return role.startsWith(temporaryPrefix);
}

interface Pair {
  readonly path: AclPath;
  readonly subject: Subject;
  /** The changes that wait for the bridge: what becomes of it is part of their outcome. */
  readonly changes: readonly number[];
}

/** A bridge for every pair that a pending ACL write changes. */
export function bridgesFor(pending: readonly (readonly Operation[])[], proof: Proof): readonly Bridge[] {
  const pairs = new Map<string, Pair>();
  for (const operation of pending.flat()) {
    if (operation.kind !== "grant" && operation.kind !== "revoke") continue;
    for (const subject of operation.subjects) {
      pairs.set(`${operation.path} ${subjectKey(subject)}`, {
        path: operation.path,
        subject,
        changes: operation.changes,
      });
    }
  }
  return [...pairs.values()].flatMap((pair) => bridgeFor(pair, proof));
}

function bridgeFor({ path, subject, changes }: Pair, proof: Proof): readonly Bridge[] {
  const now = proof.trial.rolesOf(path, subject);
  const goal = proof.goal.rolesOf(path, subject);
  const flags = new Set(now.values());
  const [propagate] = flags;
  if (propagate === undefined || flags.size > 1) return [];
  const held = privilegesOf(now.keys(), proof.trial);
  const wanted = privilegesOf(goal.keys(), proof.goal);
  const id = unusedName(proof);
  const role = {
    id,
    privileges: [...held].filter((privilege) => wanted.has(privilege)).sort(),
    builtIn: false,
  };
  return [
    {
      up: [
        { kind: "create-role", role, changes },
        { kind: "grant", path, subjects: [subject], roles: [id], propagate, changes },
      ],
      down: { kind: "delete-role", id, changes },
    },
  ];
}

function unusedName({ trial }: Proof): RoleId {
  for (let number = 1; ; number++) {
    // Proof: the prefix and a number are a role's name on every product.
    const id = `${temporaryPrefix}${number}` as RoleId;
    if (!trial.hasRole(id)) return id;
  }
}

function privilegesOf(roles: Iterable<RoleId>, trial: Proof["trial"]): ReadonlySet<Privilege> {
  return new Set([...roles].flatMap((role) => trial.privilegesOf(role)));
}
