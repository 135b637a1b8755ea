// In: what the manifests declare, and an export. Out: what would be declared twice. Must not know: how files are written.

import { join, resolve, sep } from "node:path";
import type { ExportedFile } from "../export/exported.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { countOf } from "../render/count.ts";
import { printable } from "../support/printable.ts";

/** Where an export goes, and which files and folders are read along with it from then on. */
export interface Destination {
  readonly folder: string;
  readonly filenames: readonly string[];
}

/** A warning, where the next plan would find objects twice; undefined where it would not. */
export function wordDeclaredTwice(
  desired: DesiredOverTime,
  files: readonly ExportedFile[],
  destination: Destination,
): string | undefined {
  const twice = declaredTwice(desired, files, destination);
  const [first] = twice;
  if (first === undefined) return undefined;
  const others = twice.length === 1 ? "" : ` and ${twice.length - 1} more`;
  return (
    `${countOf(twice.length, "object")} of it ${twice.length === 1 ? "is" : "are"} declared by another manifest, too ` +
    `(${printable(first)}${others}), and the next plan will say duplicate-object: an export goes beside the Target alone. ` +
    "Move the other manifests away, or export what they lack with --only"
  );
}

/** Entries are not among them: several manifests may grant the same. */
function declaredTwice(
  { users, groups, roles, tokens, pools, realms }: DesiredOverTime,
  files: readonly ExportedFile[],
  { folder, filenames }: Destination,
): readonly string[] {
  if (!filenames.some((name) => isWithin(folder, name))) return [];
  const declared: Readonly<
    Record<string, ReadonlyMap<string, { readonly source: { readonly file: string } }>>
  > = {
    User: users,
    Group: groups,
    Role: roles,
    Token: tokens,
    Pool: pools,
    Realm: realms,
  };
  // What an earlier export said is replaced by this one.
  const written = new Set(files.map(({ name }) => resolve(folder, name)));
  return files.flatMap(({ documents }) =>
    documents.flatMap(({ kind, name }) => {
      const file = declared[kind]?.get(name)?.source.file;
      return file === undefined || written.has(resolve(file)) ? [] : [`${kind} ${name} in ${file}`];
    }),
  );
}

function isWithin(folder: string, parent: string): boolean {
  return `${resolve(folder)}${sep}`.startsWith(join(resolve(parent), sep));
}
