// Manifests with a validity: what they declare, and which of them can go.

import { warningAt } from "../manifest/diagnostic.ts";
import { subjectKey } from "../model/ids.ts";
import type { TimeBox } from "../model/validity.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { isAbsentSubject } from "./assemble-acl.ts";
import type { Assembly } from "./assembly.ts";
import type { AclDeclaration, Declaration, MembershipDeclaration } from "./declaration.ts";
import type { Report } from "./reading.ts";

/** Those that declare something at some time; the order of the manifests has no part in theirs. */
export function assembleTimeBoxes(assembly: Assembly): readonly TimeBox[] {
  const { acl, memberships } = assembly.objects;
  const boxes = [
    ...acl.flatMap((declaration) => boxOfAcl(assembly, declaration)),
    ...memberships.flatMap((declaration) => boxOfMembership(assembly, declaration)),
  ];
  return sortedBy(boxes, ({ kind, name, objects, validity }) =>
    JSON.stringify([kind, name, objects, validity]),
  );
}

function boxOfAcl(assembly: Assembly, declaration: AclDeclaration): readonly TimeBox[] {
  const { validity, ensure, manifest, paths, subjects } = declaration;
  if (validity === undefined || ensure !== "present") return [];
  const objects = paths.flatMap((path) =>
    subjects
      .filter((subject) => !isAbsentSubject(assembly, subject.value))
      .map((subject) => `${path.value} ${subjectKey(subject.value)}`),
  );
  if (objects.length === 0) return [];
  const { name, place } = manifest;
  return [{ kind: "ACL", name, objects: sortedSet(objects), validity, source: place }];
}

function boxOfMembership({ absent }: Assembly, declaration: MembershipDeclaration): readonly TimeBox[] {
  const { validity, ensure, group, user, name, source } = declaration.membership;
  if (validity === undefined || ensure !== "present" || absent.group(group) || absent.user(user)) return [];
  return [{ kind: "Membership", name, objects: [`${user} in ${group}`], validity, source }];
}

/** A server that was away for so long is a rare one. */
const longSeconds = 30 * 24 * 60 * 60;

/** A manifest whose validity ended long ago has done its work: whoever reads the folder reads past it. */
export function warnOfLongOver(
  declarations: readonly Declaration[],
  nowSeconds: number,
  report: Report,
): void {
  for (const declaration of declarations) {
    if (declaration.kind !== "ACL" && declaration.kind !== "Membership") continue;
    const validity = declaration.kind === "ACL" ? declaration.validity : declaration.membership.validity;
    if (validity?.untilSeconds === undefined || validity.untilSeconds + longSeconds > nowSeconds) continue;
    const days = Math.floor((nowSeconds - validity.untilSeconds) / (24 * 60 * 60));
    const span = declaration.manifest.locate("/spec/validity/notAfter");
    const message = `this validity ended ${days} days ago`;
    const hint =
      "once every target has been applied since, the manifest has done its work and can be deleted";
    report(warningAt(span, { code: "validity-over", message, hint }));
  }
}
