import type { Safety } from "../model/target.ts";
import type { Change, Finding, Plan } from "../plan/plan.ts";

/** A declared change that deletes or disables a protected subject, or the caller and its owner, refuses the plan. */
export function findTouchedProtected(plan: Plan, { protect }: Safety): readonly Finding[] {
  const owner = plan.caller.includes("!") ? plan.caller.slice(0, plan.caller.lastIndexOf("!")) : plan.caller;
  const own = new Set([`token:${plan.caller}`, `user:${owner}`]);
  return plan.changes.flatMap((change, index) => {
    const subject = `${change.kind.toLowerCase()}:${change.name}`;
    if (change.held || !endsAccess(change)) return [];
    if (own.has(subject)) return [lockout(change, index)];
    return protect.includes(subject) ? [touched(change, index)] : [];
  });
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
