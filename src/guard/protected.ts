import { privilegesOf } from "../access/holder.ts";
import { freshPathBelow, placeAt } from "../access/lookup.ts";
import { pooledPaths } from "../access/pooled.ts";
import type { Profile } from "../access/standing.ts";
import type { SubjectKey } from "../model/ids.ts";
import type { Safety } from "../model/target.ts";
import type { Change, Finding } from "../plan/plan.ts";
import { wordLosses } from "./caller-lowered.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** `caller-lockout`, `protected`: a change that deletes or disables the caller, its owner, or a protected subject. */
export function findTouchedProtected(evidence: Evidence, { protect }: Safety): readonly Finding[] {
  const { changes, caller } = evidence.plan;
  const owner = caller.includes("!") ? caller.slice(0, caller.lastIndexOf("!")) : caller;
  const own = new Set([`token:${caller}`, `user:${owner}`]);
  const ended = new Set<string>();
  const touching = changes.flatMap((change, index) => {
    const subject = `${change.kind.toLowerCase()}:${change.name}`;
    if (change.held || !endsAccess(change)) return [];
    ended.add(subject);
    if (own.has(subject)) return [lockout(change, index)];
    return protect.includes(subject) ? [touched(change, index)] : [];
  });
  return [
    ...touching,
    ...protect.filter((name) => !ended.has(name)).flatMap((name) => lowered(evidence, name)),
  ];
}

function endsAccess({ kind, action, fields }: Change): boolean {
  if (kind !== "User" && kind !== "Group" && kind !== "Token") return false;
  if (action === "delete") return true;
  return action === "update" && fields.some(({ field, after }) => field === "enabled" && after === false);
}

function lockout(change: Change, index: number): Finding {
  return {
    severity: "error",
    code: "caller-lockout",
    message: `this would ${verb(change)} ${change.name}, the identity with which Rolecall talks to the target`,
    changes: [index],
    ...(change.source && { source: change.source }),
  };
}

function touched(change: Change, index: number): Finding {
  return {
    severity: "error",
    code: "protected",
    message: `this would ${verb(change)} ${change.name}, which the target's safety.protect names`,
    changes: [index],
    ...(change.source && { source: change.source }),
  };
}

function verb({ action }: Change): string {
  return action === "delete" ? "delete" : "disable";
}

/** A protected user or token holds what it held; a protected group gives what it gave. */
function lowered(evidence: Evidence, name: string): readonly Finding[] {
  // Proof: the target's subjects were parsed, and written in their one spelling.
  const subject = name as SubjectKey;
  const losses = name.startsWith("group:") ? lossesOfGroup(evidence, subject) : wordLosses(evidence, subject);
  if (losses === undefined) return [];
  return [
    {
      severity: "error",
      code: "protected",
      message: `this would take from ${name}, which the target's safety.protect names: ${losses}`,
      changes: evidence.trace([subject]),
      facts: [name, losses],
    },
  ];
}

function lossesOfGroup({ before, after }: Evidence, group: SubjectKey): string | undefined {
  const [was, is]: readonly Profile[] = [before, after].map(({ layers }) => layers.get(group) ?? new Map());
  if (was === undefined || is === undefined) return undefined;
  const own = [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => [path, freshPathBelow(path)]);
  // A loss by way of a pool shows on its members.
  const pooled = pooledPaths(before, was, before.pools);
  const losses = [...new Set([...own, ...pooled])].sort().flatMap((path) => {
    const kept = privilegesOf(after, is, placeAt(after, path));
    const had = privilegesOf(before, was, placeAt(before, path));
    const lost = [...had.keys()].filter((privilege) => !kept.has(privilege));
    return lost.length === 0 ? [] : [`${wordNames(lost.sort())} on ${path}`];
  });
  return losses.length === 0 ? undefined : losses.slice(0, 3).join("; ");
}
