// In: writes, each of which gives somebody too much or too little for a while. Out: for each, an entry of their own for
// those whom it harms, that gives them just what both ends give, whatever their groups and the paths above give
// meanwhile. Must not know: how helpers are tried.

import { isTokenId, ownerOf, subjectKey, type AclPath, type AuthId, type RoleId } from "../model/ids.ts";
import type { Privilege, Subject } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Bridge } from "./helper.ts";
import type { Operation } from "./plan.ts";
import { freshChild, type Proof, type Violation } from "./proof.ts";

/** At a dead end of thousands of writes, the first few show what is in the way. */
const mostSteps = 40;

// Proof: the product's own constant, in its own spelling.
const refusal = "NoAccess" as RoleId;

/** `id` names the role that a shield is made of. */
export function shieldsFor(
  pending: readonly (readonly Operation[])[],
  proof: Proof,
  id: RoleId,
): readonly Bridge[] {
  const known = new Set<string>();
  return pending.slice(0, mostSteps).flatMap((step) => {
    const places = placesOf(harmOf(step, proof), proof);
    const floors = [...new Set(places.map(({ floor }) => floor.join()))];
    const key = places.map(({ path, subject, floor }) => `${path} ${subjectKey(subject)} ${floor.join()}`);
    const [first] = places;
    // Who needs different things would need as many roles: those are found one after the other.
    if (first === undefined || floors.length > 1 || known.has(key.join("\n"))) return [];
    known.add(key.join("\n"));
    return [shield(places, first.floor, { proof, id, changes: step.flatMap(({ changes }) => changes) })];
  });
}

type Harm = Pick<Violation, "path" | "id"> & { readonly subject: Place["subject"] };

/** Whom a token's harm comes from is told by the write: it may separate the token from its owner. */
function harmOf(step: readonly Operation[], proof: Proof): readonly Harm[] {
  const attempts = step.map((operation) => proof.attempt(operation));
  const harm = attempts.flatMap(({ violations }) =>
    violations.map(({ id, path }) => ({ id, path, subject: shielded(id, proof) })),
  );
  for (const { undo } of attempts.toReversed()) undo();
  return harm;
}

interface Place {
  readonly path: AclPath;
  readonly subject: Subject;
  readonly propagate: boolean;
  /** What is held there at both ends. */
  readonly floor: readonly Privilege[];
}

/** Where the harm is done to all below a path, the shield reaches down, too. */
function placesOf(harm: readonly Harm[], proof: Proof): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { id, path, subject } of harm) {
    const isBelow = path.endsWith(freshChild);
    // Proof: without the segment that stands for all below it, it is the path that this was made from.
    const on = (isBelow ? path.slice(0, -freshChild.length) || "/" : path) as AclPath;
    const key = `${on} ${subjectKey(subject)}`;
    const known = places.get(key);
    const floor = proof.floorOf(id, path).filter((one) => known?.floor.includes(one) !== false);
    places.set(key, { path: on, subject, propagate: isBelow || known?.propagate === true, floor });
  }
  return [...places.values()];
}

/** A token that is not separated has what its owner has. */
function shielded(id: AuthId, { trial }: Proof): Exclude<Subject, { kind: "group" }> {
  if (!isTokenId(id)) return { kind: "user", id };
  return trial.tokenOf(id)?.privilegeSeparation === false
    ? { kind: "user", id: ownerOf(id) }
    : { kind: "token", id };
}

function shield(
  places: readonly Place[],
  floor: readonly Privilege[],
  { proof, id, changes }: { proof: Proof; id: RoleId; changes: readonly number[] },
): Bridge {
  const rows = rowsOf(places);
  const isRefusal =
    floor.length === 0 &&
    places.every(({ path, subject }) => proof.isPairChanged(path, subject)) &&
    places.every(({ path, subject }) => proof.trial.rowOf(path, subject, refusal) === undefined);
  if (isRefusal) {
    return {
      up: rows.map((row) => ({ kind: "grant", ...row, roles: [refusal], changes })),
      down: rows.map(({ path, subjects }) => ({ kind: "revoke", path, subjects, roles: [refusal], changes })),
    };
  }
  return {
    up: [
      { kind: "create-role", role: { id, privileges: floor, builtIn: false }, changes },
      ...rows.map((row) => ({ kind: "grant", ...row, roles: [id], changes }) as const),
    ],
    down: [{ kind: "delete-role", id, changes }],
  };
}

/** One write for all who are shielded in the same way on one path. */
function rowsOf(
  places: readonly Place[],
): readonly { readonly path: AclPath; readonly subjects: readonly Subject[]; readonly propagate: boolean }[] {
  const rows = new Map<string, { path: AclPath; subjects: Subject[]; propagate: boolean }>();
  for (const { path, subject, propagate } of places) {
    getOrAdd(rows, `${path} ${propagate}`, () => ({ path, subjects: [], propagate })).subjects.push(subject);
  }
  return [...rows.values()];
}
