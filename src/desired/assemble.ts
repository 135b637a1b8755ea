import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { assembleAcl } from "./assemble-acl.ts";
import { assembleGroups, assembleMemberships, assembleUsers } from "./assemble-members.ts";
import { assemblePolicies } from "./assemble-policies.ts";
import { assemblePools } from "./assemble-pools.ts";
import { assembleRealms } from "./assemble-realms.ts";
import { assembleRoles } from "./assemble-roles.ts";
import { assembleTokens } from "./assemble-tokens.ts";
import type { Assembly } from "./assembly.ts";
import type { Declaration } from "./declaration.ts";
import { absentIn, objectsOf } from "./objects.ts";
import type { Report } from "./reading.ts";
import { compileScope } from "./scope-check.ts";
import type { Selectable } from "./select-targets.ts";
import { assembleTimeBoxes } from "./time-boxes.ts";

/** Puts together what the declarations, in the order of their places, want of one target. */
export function assembleState(
  { target, product }: Selectable,
  declarations: readonly Declaration[],
  report: Report,
): DesiredOverTime {
  const objects = objectsOf(declarations, target.name, report);
  const assembly: Assembly = {
    target,
    product,
    objects,
    absent: absentIn(objects),
    scope: compileScope(target),
    knownRoles: new Set([...product.builtInRoles, ...objects.roles.keys()]),
    report,
  };
  return {
    target,
    users: assembleUsers(assembly),
    groups: assembleGroups(assembly),
    memberships: assembleMemberships(assembly),
    roles: assembleRoles(assembly),
    acl: assembleAcl(assembly),
    tokens: assembleTokens(assembly),
    timeBoxes: assembleTimeBoxes(assembly),
    policies: assemblePolicies(assembly),
    pools: assemblePools(assembly),
    realms: assembleRealms(assembly),
  };
}
