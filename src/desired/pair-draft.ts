import { errorAt, warningAt, wordPlace, type Said } from "../manifest/diagnostic.ts";
import type { DesiredPair, Ensure } from "../model/desired.ts";
import type { TimedGrant, TimedPair } from "../model/desired-over-time.ts";
import { subjectKey, type AclPath, type RoleId, type Subject } from "../model/ids.ts";
import { areEverBothThere } from "../model/validity.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Place } from "../support/place.ts";
import type { AclDeclaration, Mention } from "./declaration.ts";
import type { Report } from "./reading.ts";

/** What one manifest says of one pair; the roles only those that count. */
export interface Statement {
  readonly declaration: AclDeclaration;
  readonly roles: readonly Mention<RoleId>[];
}

/** Everything that manifests say of one subject on one path, in the order of their places; never nothing. */
export interface PairDraft {
  readonly path: AclPath;
  readonly subject: Subject;
  readonly source: Place;
  readonly statements: Statement[];
}

/** The pair that the statements add up to; what contradicts is reported. */
export function pairFrom(draft: PairDraft, report: Report): TimedPair {
  const { path, subject, source, statements } = draft;
  const present = statements.filter(({ declaration }) => declaration.ensure === "present");
  const absent = statements.filter(({ declaration }) => declaration.ensure === "absent");
  const ignored = statements.find(({ declaration }) => declaration.ensure === "ignored");
  const name = `${path} ${subjectKey(subject)}`;
  const grants = grantsOf(present, name, report);
  for (const statement of absent) reportContradiction(statement, present[0], grants, report);
  if (ignored !== undefined) warnOfIgnored([...present, ...absent], ignored, name, report);
  const isWhole = absent.some(({ declaration }) => declaration.roles === undefined);
  return {
    path,
    subject,
    ensure: ignored ? "ignored" : ensureFrom(present.length > 0, grants.length > 0, isWhole),
    grants: sortedBy(grants, ({ role, propagate, validity }) => JSON.stringify([role, validity, propagate])),
    revoked: revokedBy(absent),
    declaredBy: sortedSet(statements.map(({ declaration }) => declaration.manifest.name)),
    source,
  };
}

/** A pair of which every declared role fell away is still declared: it holds nothing. */
function ensureFrom(isDeclared: boolean, isGranted: boolean, isWhole: boolean): Ensure {
  if (isGranted) return "present";
  return isDeclared || isWhole ? "absent" : "present";
}

/** The same role more than once where manifests grant it at different times; once where one grants it for ever. */
function grantsOf(present: readonly Statement[], name: string, report: Report): readonly TimedGrant[] {
  const byRole = new Map<RoleId, TimedGrant[]>();
  for (const { declaration, roles } of present) {
    const { propagate, validity } = declaration;
    for (const { value: role, pointer, place } of roles) {
      const known = getOrAdd(byRole, role, (): TimedGrant[] => []);
      const other = known.find(
        (grant) => grant.propagate !== propagate && areEverBothThere(grant.validity, validity),
      );
      known.push({ role, propagate, source: place, ...(validity && { validity }) });
      if (other === undefined) continue;
      const message = `${name} has ${role} with propagate ${String(other.propagate)} at ${wordPlace(other.source)}, here with ${String(propagate)}`;
      const said: Said = { code: "conflicting-propagate", message, related: other.source };
      report(errorAt(declaration.manifest.locate(pointer), said));
    }
  }
  return [...byRole.values()].flatMap((grants) => {
    const always = grants.find(({ validity }) => validity === undefined);
    return always ? [always] : grants;
  });
}

/** One manifest wants gone what another one wants there. */
function reportContradiction(
  { declaration, roles }: Statement,
  present: Statement | undefined,
  grants: readonly TimedGrant[],
  report: Report,
): void {
  const { manifest } = declaration;
  const refuse = (pointer: string, what: string, related: Place): void => {
    const message = `${what} is declared at ${wordPlace(related)} and absent here`;
    report(errorAt(manifest.locate(pointer), { code: "conflicting-manifests", message, related }));
  };
  if (declaration.roles === undefined && present !== undefined) {
    refuse("/spec/ensure", "a pair", present.declaration.manifest.place);
  }
  for (const { value: role, pointer } of roles) {
    const grant = grants.find((one) => one.role === role);
    if (grant !== undefined) refuse(pointer, role, grant.source);
  }
}

/** Disabled for one is disabled for all: else its roles would be revoked as not declared. */
function warnOfIgnored(others: readonly Statement[], ignored: Statement, name: string, report: Report): void {
  const related = ignored.declaration.manifest.place;
  const message = `${name} is left alone, as ${wordPlace(related)} asks, so that this has no effect on it`;
  for (const { declaration } of others) {
    report(
      warningAt(declaration.manifest.locate("/metadata/name"), { code: "ignored-pair", message, related }),
    );
  }
}

function revokedBy(absent: readonly Statement[]): DesiredPair["revoked"] {
  const revoked = new Map<RoleId, Place>();
  for (const { value, place } of absent.flatMap(({ roles }) => roles)) {
    if (!revoked.has(value)) revoked.set(value, place);
  }
  return sortedBy(revoked, ([role]) => role).map(([role, source]) => ({ role, source }));
}
