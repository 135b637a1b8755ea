import type { TimedPair } from "../model/desired-over-time.ts";
import { subjectKey, type RoleId, type Subject } from "../model/ids.ts";
import { poolsAlong } from "../model/pool-paths.ts";
import { sortedBy } from "../support/compare.ts";
import { warnOfUnknownRole } from "./assemble-roles.ts";
import { reportOutOfScope, warnOfAbsent, type Assembly } from "./assembly.ts";
import type { AclDeclaration, Mention } from "./declaration.ts";
import { pairFrom, type PairDraft, type Statement } from "./pair-draft.ts";

/** Each pair once, sorted by path and subject. Pairs of absent subjects are left out: they go with the subject. */
export function assembleAcl(assembly: Assembly): TimedPair[] {
  const drafts = new Map<string, PairDraft>();
  for (const declaration of assembly.objects.acl) draftPairs(assembly, declaration, drafts);
  return sortedBy(drafts, ([key]) => key).map(([, draft]) => pairFrom(draft, assembly.report));
}

function draftPairs(assembly: Assembly, declaration: AclDeclaration, drafts: Map<string, PairDraft>): void {
  const statement: Statement = { declaration, roles: countingRoles(assembly, declaration) };
  const subjects = declaration.subjects.filter((subject) => !isAbsent(assembly, declaration, subject));
  const paths = declaration.paths.filter((path) => !isInAbsentPool(assembly, declaration, path));
  for (const path of paths) {
    for (const subject of subjects) {
      checkScope(assembly, declaration, path, subject);
      draftPair(drafts, path, subject, statement);
    }
  }
}

function draftPair(
  drafts: Map<string, PairDraft>,
  path: AclDeclaration["paths"][number],
  subject: Mention<Subject>,
  statement: Statement,
): void {
  // A blank sorts before all that a path may hold, so that /a comes before /a/b whatever the subject.
  const key = `${path.value} ${subjectKey(subject.value)}`;
  const draft = drafts.get(key);
  if (draft === undefined) {
    const source = subject.place;
    drafts.set(key, { path: path.value, subject: subject.value, source, statements: [statement] });
  } else if (!draft.statements.includes(statement)) draft.statements.push(statement);
}

function countingRoles(assembly: Assembly, declaration: AclDeclaration): Mention<RoleId>[] {
  return (declaration.roles ?? []).filter(({ value, pointer }) => {
    if (declaration.ensure !== "present") return true;
    warnOfUnknownRole(assembly, declaration, pointer, value);
    if (!assembly.absent.role(value)) return true;
    warnOfAbsent(assembly, declaration, pointer, value);
    return false;
  });
}

function isAbsent(
  assembly: Assembly,
  declaration: AclDeclaration,
  { value: subject, pointer }: Mention<Subject>,
): boolean {
  const absent = isAbsentSubject(assembly, subject);
  if (absent && declaration.ensure === "present") warnOfAbsent(assembly, declaration, pointer, subject.id);
  return absent;
}

/** The server drops the entries at a pool and below it with the pool. */
function isInAbsentPool(
  assembly: Assembly,
  declaration: AclDeclaration,
  { value: path, pointer }: AclDeclaration["paths"][number],
): boolean {
  const pool = poolsAlong(path).find(assembly.absent.pool);
  if (pool === undefined) return false;
  if (declaration.ensure === "present") warnOfAbsent(assembly, declaration, pointer, `pool ${pool}`);
  return true;
}

export function isAbsentSubject({ absent }: Assembly, subject: Subject): boolean {
  switch (subject.kind) {
    case "user":
      return absent.user(subject.id);
    case "group":
      return absent.group(subject.id);
    case "token":
      return absent.token(subject.id);
  }
}

function checkScope(
  assembly: Assembly,
  declaration: AclDeclaration,
  path: AclDeclaration["paths"][number],
  subject: Mention<Subject>,
): void {
  if (assembly.scope.pair(path.value, subject.value)) return;
  reportOutOfScope(assembly, declaration, subject.pointer, `${path.value} ${subjectKey(subject.value)}`);
}
