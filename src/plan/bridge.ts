// In: writes of which none is clean by itself. Out: helpers that may carry somebody over the dead end, each to be taken
// away again: a role of the tool's own, a refusal, a role that is emptied for a while. Must not know: how they are tried.
//
// What a crash leaves behind is removed by the next pass: the server forgets the entries of the tool's own roles with
// them, and a refusal stands only at a pair that the plan changes anyway.

import { subjectKey, type AclPath, type Privilege, type RoleId, type Subject } from "../model/ids.ts";
import type { Bridge } from "./helper.ts";
import type { Operation } from "./plan.ts";
import type { Proof } from "./proof.ts";
import { shieldsFor } from "./shield.ts";

/** Names that begin so are the tool's own: whatever a crash leaves behind is removed by the next pass. */
const temporaryPrefix = "rolecall-tmp-";

export function isTemporary(role: RoleId): boolean {
  return role.startsWith(temporaryPrefix);
}

/** What is tried at a dead end, in this order. */
export function bridgesFor(pending: readonly (readonly Operation[])[], proof: Proof): readonly Bridge[] {
  return [
    ...copiesFor(pending, proof),
    ...shieldsFor(pending, proof, unusedName(proof)),
    ...emptiedRoles(pending, proof),
  ];
}

interface Pair {
  readonly path: AclPath;
  readonly subject: Subject;
  /** The changes that wait for the bridge: what becomes of it is part of their outcome. */
  readonly changes: readonly number[];
}

/** For every pair that a pending ACL write changes, a role that holds there what the pair gives at both ends. */
function copiesFor(pending: readonly (readonly Operation[])[], proof: Proof): readonly Bridge[] {
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
  return [...pairs.values()].flatMap((pair) => copyFor(pair, proof));
}

function copyFor({ path, subject, changes }: Pair, proof: Proof): readonly Bridge[] {
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
      down: [{ kind: "delete-role", id, changes }],
    },
  ];
}

/** A role that is to change anyway gives nothing to anybody until it does. */
function emptiedRoles(pending: readonly (readonly Operation[])[], proof: Proof): readonly Bridge[] {
  return pending.flat().flatMap((operation) => {
    if (operation.kind !== "update-role" || proof.trial.privilegesOf(operation.role.id).length === 0)
      return [];
    return [{ up: [{ ...operation, role: { ...operation.role, privileges: [] } }], down: [] }];
  });
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
