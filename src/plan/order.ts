// In: writes in a first order, each possible as soon as what it refers to is there. Out: an order in which, after every
// single write, nobody holds what neither end gives and nobody lacks what both give; where there is none, the least
// bad one, and what is wrong with it. Must not know: requests, why the writes are there.
//
// Taking any next write that is clean hardly ever meets a dead end where a clean order exists (orders.ts looks further
// where it may have). At a dead end the writes are split, then helpers are tried (bridge.ts), then a gap is taken rather
// than an excess.

import type { Undo } from "../access/trial.ts";
import type { Operation } from "./plan.ts";
import type { Proof, Violation } from "./proof.ts";
import { introducedBy, refersTo } from "./references.ts";
import { isDoneAlready, partsOf, reshaped, trimmed } from "./split.ts";
import { bridgesFor } from "./bridge.ts";
import type { Bridge } from "./helper.ts";

/** Operations that follow one another without another in between: a token's creation and its confirmation. */
export type Step = readonly Operation[];

export interface Ordered {
  readonly operations: readonly Operation[];
  /** What somebody holds or lacks after an operation, by its index. */
  readonly violations: readonly { readonly after: number; readonly violation: Violation }[];
}

/** How many helpers may stand at once, and how many are tried at one dead end. */
const mostBridges = 2;
const mostTries = 24;

interface Course {
  pending: readonly Step[];
  readonly done: { readonly operation: Operation; readonly undo: Undo }[];
}

/** Leaves the proof as it was, so that another order can be tried. */
export function orderSteps(steps: readonly Step[], proof: Proof): Ordered {
  const course: Course = { pending: steps, done: [] };
  const violations: { after: number; violation: Violation }[] = [];
  const force = (caller?: "spare-caller"): boolean => {
    const forced = takeLeastBad(course, proof, caller);
    for (const violation of forced ?? []) violations.push({ after: course.done.length - 1, violation });
    return forced !== undefined;
  };
  while (course.pending.length > 0) {
    // What costs the caller something comes after all else, that which is not clean included: it may need it.
    if (goOn(course, proof) || carryOver(course, proof) || force("spare-caller")) continue;
    if (!takeLowering(course, proof)) force();
  }
  for (const { undo } of course.done.toReversed()) undo();
  return { operations: course.done.map(({ operation }) => operation), violations };
}

function goOn(course: Course, proof: Proof): boolean {
  return takeClean(course, proof) || takePart(course, proof);
}

/** One helper, or where one does not reach, more at once. */
function carryOver(course: Course, proof: Proof): boolean {
  for (let bridges = 1; bridges <= mostBridges; bridges++) {
    if (bridgeOver(course, proof, bridges)) return true;
  }
  return false;
}

/** At a dead end: a helper that lets something go on, and is taken away as soon as that is clean. */
function bridgeOver(course: Course, proof: Proof, bridges: number): boolean {
  if (bridges === 0) return false;
  return bridgesFor(course.pending, proof)
    .slice(0, mostTries)
    .some((bridge) => cross(bridge, course, proof, bridges));
}

/**
 * Goes on with the helper in place until it can be taken away, or takes everything back. The caller may lose nothing by
 * it: it could be unable to take the helper away.
 */
function cross(bridge: Bridge, course: Course, proof: Proof, bridges: number): boolean {
  const mark = { done: course.done.length, pending: course.pending };
  let stands = bridge.up.every(
    (operation) => isReady([operation], course) && take([operation], course, proof, "spare-caller"),
  );
  while (stands && (goOn(course, proof) || bridgeOver(course, proof, bridges - 1))) {
    if (bridge.down.every((operation) => take([operation], course, proof, "spare-caller"))) return true;
    stands = course.pending.length > 0;
  }
  while (course.done.length > mark.done) course.done.pop()?.undo();
  course.pending = mark.pending;
  return false;
}

/** One pass over what is pending. What costs the caller something waits. */
function takeClean(course: Course, proof: Proof): boolean {
  const before = course.done.length;
  const steps = course.pending.flatMap((step) => reshaped(step, proof));
  const left: Step[] = [];
  const introduced = new Map<string, number>();
  for (const step of steps)
    for (const key of step.flatMap(introducedBy)) introduced.set(key, (introduced.get(key) ?? 0) + 1);
  for (const step of steps) {
    if (
      step.flatMap(refersTo).some((key) => introduced.has(key)) ||
      !take(step, course, proof, "spare-caller")
    ) {
      left.push(step);
      continue;
    }
    for (const key of step.flatMap(introducedBy)) settle(introduced, key);
  }
  course.pending = left;
  return course.done.length > before || left.length < steps.length;
}

/** Several writes may bring one thing about, as the emptying of a pool: it has come about with the last of them. */
function settle(introduced: Map<string, number>, key: string): void {
  const left = (introduced.get(key) ?? 0) - 1;
  if (left > 0) introduced.set(key, left);
  else introduced.delete(key);
}

/** Part of a write, where the whole is not clean. */
function takePart(course: Course, proof: Proof): boolean {
  for (const [index, step] of course.pending.entries()) {
    if (!isReady(step, course)) continue;
    for (const { part, rest } of partsOf(step, proof)) {
      const before = course.done.length;
      if (!take([part], course, proof, "spare-caller") || course.done.length === before) continue;
      course.pending = course.pending.toSpliced(index, 1, ...rest);
      return true;
    }
  }
  return false;
}

/** Nothing else is left to do first, so the caller may lose what it is to lose. */
function takeLowering(course: Course, proof: Proof): boolean {
  for (const [index, step] of course.pending.entries()) {
    if (!isReady(step, course) || !take(step, course, proof)) continue;
    course.pending = course.pending.toSpliced(index, 1);
    return true;
  }
  return false;
}

function isReady(step: Step, { pending }: Course): boolean {
  const introduced = new Set(
    pending.filter((other) => other !== step).flatMap((other) => other.flatMap(introducedBy)),
  );
  return !step.flatMap(refersTo).some((key) => introduced.has(key));
}

/** Makes the step if it is clean; else leaves everything as it was. */
function take(step: Step, course: Course, proof: Proof, caller?: "spare-caller"): boolean {
  const undos: Undo[] = [];
  for (const whole of step) {
    if (isDoneAlready(whole, proof)) continue;
    const operation = trimmed(whole, proof);
    const attempt = proof.attempt(operation);
    undos.push(attempt.undo);
    if (attempt.violations.length === 0 && !(caller === "spare-caller" && attempt.lowersCaller)) {
      course.done.push({ operation, undo: attempt.undo });
      continue;
    }
    for (const undo of undos.toReversed()) undo();
    course.done.length -= undos.length - 1;
    return false;
  }
  return true;
}

/** Takes the write with the fewest excesses, then the fewest gaps, and says which those are; undefined where none may be. */
function takeLeastBad(
  course: Course,
  proof: Proof,
  caller?: "spare-caller",
): readonly Violation[] | undefined {
  const all = course.pending.map((step, index) => ({ step, index, ...rate(step, proof) }));
  const ready = all.filter(({ step }) => isReady(step, course));
  const allowed = (ready.length > 0 ? ready : all).filter(({ lowersCaller }) => !(caller && lowersCaller));
  const [best] = allowed.sort((a, b) => a.cost - b.cost || a.index - b.index);
  if (!best) return undefined;
  course.pending = course.pending.toSpliced(best.index, 1);
  return best.step.flatMap((operation) => {
    const { violations, undo } = proof.attempt(operation);
    course.done.push({ operation, undo });
    return violations;
  });
}

/** An excess outweighs any number of gaps. */
function rate(step: Step, proof: Proof): { readonly cost: number; readonly lowersCaller: boolean } {
  const attempts = step.map((operation) => proof.attempt(operation));
  for (const { undo } of attempts.toReversed()) undo();
  const violations = attempts.flatMap((attempt) => attempt.violations);
  const count = (kind: Violation["kind"]): number =>
    violations.filter((violation) => violation.kind === kind).length;
  return {
    cost: count("excess") * 1e6 + count("gap"),
    lowersCaller: attempts.some((attempt) => attempt.lowersCaller),
  };
}
