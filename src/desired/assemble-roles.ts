import { didYouMean, errorAt, warningAt } from "../manifest/diagnostic.ts";
import type { DesiredRole } from "../model/desired.ts";
import type { RoleId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { reportOutOfScope, withoutAbsent, type Assembly } from "./assembly.ts";
import type { Declaration, RoleDeclaration } from "./declaration.ts";

export function assembleRoles(assembly: Assembly): ReadonlyMap<RoleId, DesiredRole> {
  const roles = sortedBy(assembly.objects.roles, ([id]) => id);
  for (const [, declaration] of roles) reportCycle(assembly, declaration);
  return new Map(roles.map(([id, declaration]) => [id, assembleRole(assembly, declaration)]));
}

function assembleRole(assembly: Assembly, declaration: RoleDeclaration): DesiredRole {
  const { role, manifest } = declaration;
  const written = manifest.document.spec?.includes ?? [];
  if (!assembly.scope.roles(role.id)) reportOutOfScope(assembly, declaration, "/metadata/name", role.id);
  for (const [index, name] of written.entries()) {
    warnOfUnknownRole(assembly, declaration, `/spec/includes/${index}`, name);
  }
  const list = { pointer: "/spec/includes", written, ids: role.includes };
  return { ...role, includes: withoutAbsent(assembly, declaration, list, assembly.absent.role) };
}

/** It may be live, so that only a server can say that it is missing; but a near name is seldom meant. */
export function warnOfUnknownRole(
  { product, knownRoles, target, report }: Assembly,
  { manifest }: Declaration,
  pointer: string,
  name: string,
): void {
  if (knownRoles.has(name)) return;
  const near = nearest(name, knownRoles);
  if (near === undefined && !product.isReservedRoleName(name)) return;
  const message = `the role ${quoted(name)} is neither built in nor declared for target ${target.name}`;
  report(warningAt(manifest.locate(pointer), { code: "unknown-role", message, hint: didYouMean(near) }));
}

/** Reported at each role of the circle, since each could be the one to change. */
function reportCycle({ objects, report }: Assembly, { role, manifest }: RoleDeclaration): void {
  const cycle = cycleFrom(role.id, (id) => objects.roles.get(id)?.role.includes ?? []);
  if (cycle === undefined) return;
  const message = `the role includes itself: ${cycle.join(" → ")}`;
  report(errorAt(manifest.locate("/spec/includes"), { code: "role-cycle", message }));
}

/** The shortest way along includes that leads back to where it began. */
function cycleFrom(start: RoleId, includesOf: (id: RoleId) => readonly RoleId[]): RoleId[] | undefined {
  const ways: RoleId[][] = [[start]];
  const visited = new Set<RoleId>();
  for (const way of ways) {
    for (const next of includesOf(way.at(-1) ?? start)) {
      if (next === start) return [...way, start];
      if (visited.has(next)) continue;
      visited.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
