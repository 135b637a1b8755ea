// Entries as manifests: one for the subjects that have the same roles on one path. What tokens hold stands with the tokens.

import type { AclEntry } from "../model/access-state.ts";
import { subjectKey, type AclPath, type RoleId, type Subject } from "../model/ids.ts";
import { subjectExists } from "../model/subjects.ts";
import { compareText, sortedBy, sortedSet } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";
import { printable } from "../support/printable.ts";
import type { ExportedDocument, ExportInput, Part, SpecOf } from "./exported.ts";
import { slugOf, uniqueNames } from "./names.ts";
import { isSayableId, remarkUnnameable } from "./sayable.ts";

export interface ExportedAcl {
  readonly ofPeople: Part;
  readonly ofTokens: Part;
}

export function exportAcl(input: ExportInput): ExportedAcl {
  const { state, extent, product } = input;
  const owned = state.acl.filter(({ path, subject }) => extent.pair(path, subject));
  const ofRoot = owned.filter(({ subject }) => subject.kind === "user" && subject.id === product.superuser);
  const others = owned.filter((entry) => !ofRoot.includes(entry));
  const dangling = others.filter(({ subject }) => !subjectExists(subject, state));
  const live = others.filter(({ subject }) => subjectExists(subject, state));
  const isNameable = ({ path, subject }: AclEntry): boolean =>
    product.parseAclPath(path).ok && isSayableId(subject.id);
  const unnameable = live.filter((entry) => !isNameable(entry));
  const bundles = bundlesOf(live.filter(isNameable));
  const names = uniqueNames(bundles.map(nameWanted));
  const documents = bundles.map((bundle, index) => documentOf(bundle, names[index] ?? ""));
  const isOfTokens = (_: unknown, index: number): boolean => bundles[index]?.isOfTokens === true;
  return {
    ofPeople: {
      documents: documents.filter((document, index) => !isOfTokens(document, index)),
      remarks: [
        ...remarkDangling(dangling),
        ...remarkRoot(ofRoot),
        ...remarkUnnameable("entries", linesOf(unnameable), "scope.acl.paths.exclude"),
      ],
    },
    ofTokens: { documents: documents.filter(isOfTokens), remarks: [] },
  };
}

/** Subjects that have the same roles on one path, with the same propagate. */
interface Bundle {
  readonly path: AclPath;
  readonly propagate: boolean;
  readonly isOfTokens: boolean;
  readonly roles: readonly RoleId[];
  readonly subjects: readonly Subject[];
}

/**
 * First the subjects of each role, then the roles that have the same subjects: both steps only ever join what stands
 * in full, so that what one manifest says holds of every subject in it.
 */
function bundlesOf(entries: readonly AclEntry[]): readonly Bundle[] {
  const ofRoles = [...groupBy(entries, roleCell).values()].map((cell) =>
    sortedBy(cell, ({ subject }) => rankOf(subject)),
  );
  const bundles = [...groupBy(ofRoles, subjectCell).values()].flatMap((cells) => bundleFrom(cells));
  return bundles.sort(
    (a, b) =>
      compareText(a.path, b.path) ||
      compareText(a.roles.join(), b.roles.join()) ||
      Number(b.propagate) - Number(a.propagate),
  );
}

function bundleFrom(cells: readonly (readonly AclEntry[])[]): readonly Bundle[] {
  const [cell = []] = cells;
  const [first] = cell;
  if (first === undefined) return [];
  return [
    {
      path: first.path,
      propagate: first.propagate,
      isOfTokens: first.subject.kind === "token",
      roles: sortedSet(cells.flatMap(([entry]) => (entry === undefined ? [] : [entry.role]))),
      subjects: cell.map(({ subject }) => subject),
    },
  ];
}

// No path, role or id holds a blank.
function roleCell({ path, propagate, role, subject }: AclEntry): string {
  return `${path} ${String(propagate)} ${String(subject.kind === "token")} ${role}`;
}

function subjectCell(cell: readonly AclEntry[]): string {
  const [first] = cell;
  const subjects = cell.map(({ subject }) => subjectKey(subject)).join(" ");
  return `${first?.path ?? ""} ${String(first?.propagate)} ${subjects}`;
}

/** Groups first: they are what most entries should name. */
function rankOf(subject: Subject): string {
  return `${{ group: 0, user: 1, token: 2 }[subject.kind]} ${subject.id}`;
}

/** `/pool/dev` and PVEVMUser: `pool-dev-pvevmuser`. */
function nameWanted({ path, propagate, isOfTokens, roles }: Bundle): {
  readonly name: string;
  readonly id: string;
} {
  const [first = "", ...more] = roles;
  const parts = [
    path === "/" ? "root" : path,
    first,
    ...(more.length === 0 ? [] : [`and ${more.length} more`]),
    ...(propagate ? [] : ["here only"]),
    ...(isOfTokens ? ["tokens"] : []),
  ];
  return { name: slugOf(parts), id: `${path} ${first} ${String(propagate)} ${String(isOfTokens)}` };
}

function documentOf({ path, roles, subjects, propagate }: Bundle, name: string): ExportedDocument<"ACL"> {
  return {
    kind: "ACL",
    name,
    spec: {
      path,
      roles: [...roles],
      subjects: subjects.map(named),
      propagate,
    },
    remarks: [],
  };
}

function named(subject: Subject): SpecOf<"ACL">["subjects"][number] {
  switch (subject.kind) {
    case "user":
      return { user: subject.id };
    case "group":
      return { group: subject.id };
    case "token":
      return { token: subject.id };
  }
}

function linesOf(entries: readonly AclEntry[]): readonly string[] {
  const pairs = groupBy(entries, ({ path, subject }) => `${path} ${subjectKey(subject)}`);
  return sortedBy(pairs, ([pair]) => pair).map(
    ([pair, rows]) => `${printable(pair)}: ${sortedSet(rows.map(({ role }) => role)).join(", ")}`,
  );
}

/** They come to life with the next user or group of that name. */
function remarkDangling(entries: readonly AclEntry[]): readonly string[] {
  if (entries.length === 0) return [];
  return [
    "Left over from users and groups that do not exist any more. The API can't remove these entries, and whoever is next",
    "called so has them:",
    ...linesOf(entries).map((line) => `  ${line}`),
  ];
}

function remarkRoot(entries: readonly AclEntry[]): readonly string[] {
  if (entries.length === 0) return [];
  return [
    "Left out, since the superuser holds everything anyway and the server drops its entries with the next write:",
    ...linesOf(entries).map((line) => `  ${line}`),
  ];
}
