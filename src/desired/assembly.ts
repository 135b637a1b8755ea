import { errorAt, warningAt } from "../manifest/diagnostic.ts";
import type { Product } from "../model/product.ts";
import type { Target } from "../model/target.ts";
import type { Declaration, ObjectDeclaration } from "./declaration.ts";
import type { Absent, Objects } from "./objects.ts";
import { ensureOf, type Report } from "./reading.ts";
import type { ScopeCheck } from "./scope-check.ts";

/** A target while the declarations for it are put together. */
export interface Assembly {
  readonly target: Target;
  readonly product: Product;
  readonly objects: Objects;
  readonly absent: Absent;
  readonly scope: ScopeCheck;
  /** Built-in and declared ones. */
  readonly knownRoles: ReadonlySet<string>;
  readonly report: Report;
}

export function reportOutOfScope(
  { target, report }: Assembly,
  { manifest }: Declaration,
  pointer: string,
  what: string,
): void {
  const message = `${what} is out of the scope of target ${target.name}`;
  report(errorAt(manifest.locate(pointer), { code: "out-of-scope", message }));
}

export function warnOfAbsent(
  { target, report }: Assembly,
  { manifest }: Declaration,
  pointer: string,
  what: string,
): void {
  const message = `${what} is declared absent on target ${target.name}, so this counts as not there`;
  report(warningAt(manifest.locate(pointer), { code: "mentions-absent", message }));
}

/** The elements of a list that count: absent ones are left out, with a warning where the manifest itself counts. */
export function withoutAbsent<Id extends string>(
  assembly: Assembly,
  declaration: ObjectDeclaration,
  list: {
    readonly pointer: string;
    readonly written: readonly string[] | undefined;
    readonly ids: readonly Id[];
  },
  isAbsent: (id: Id) => boolean,
): Id[] {
  return list.ids.filter((id) => {
    if (!isAbsent(id)) return true;
    const index = list.written?.indexOf(id) ?? 0;
    if (ensureOf(declaration.manifest) === "present")
      warnOfAbsent(assembly, declaration, `${list.pointer}/${index}`, id);
    return false;
  });
}
