import { didYouMean, errorAt, type Span } from "../manifest/diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Product } from "../model/product.ts";
import type { Target } from "../model/target.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { Report } from "./reading.ts";

/** A target of a product that is supported, with its product's rules. */
export interface Selectable {
  readonly target: Target;
  readonly product: Product;
}

export type ObjectManifest = Exclude<Manifest, { readonly kind: "Target" }>;

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Condition[];
}

interface Condition {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** All targets that there are. */
export interface TargetList {
  readonly selectable: readonly Selectable[];
  /** Of those too whose product is not supported. */
  readonly names: ReadonlySet<string>;
  /** Whether none can be missing because a document could not be read. */
  readonly isWhole: boolean;
}

/** Where a manifest applies. An unknown name, or no target at all, is reported. */
export function selectTargets(manifest: ObjectManifest, targets: TargetList, report: Report): Selectable[] {
  const written: readonly string[] | Selector = manifest.document.spec?.targets ?? {};
  const names = namesFrom(written);
  if (names !== undefined) refuseUnknownNames(manifest, names, targets, report);
  else refuseUnclearConditions(manifest, report);
  const selected = targets.selectable.filter(
    ({ target, product }) =>
      product.kinds.has(manifest.kind) && (names?.includes(target.name) ?? matches(target, written)),
  );
  if (selected.length === 0 && !isExplained(names, targets)) {
    const message = "no target is selected that has this kind, so this would apply nowhere";
    report(errorAt(spanOfSelection(manifest), { code: "selected-nowhere", message }));
  }
  return selected;
}

/** Whether something else was said, or will be, of why nothing is selected. */
function isExplained(names: readonly string[] | undefined, { selectable, isWhole }: TargetList): boolean {
  const known = new Set(selectable.map(({ target }) => target.name));
  return !isWhole || known.size === 0 || (names?.some((name) => !known.has(name)) ?? false);
}

function spanOfSelection(manifest: ObjectManifest): Span {
  if (manifest.document.spec?.targets === undefined) return manifest.locate("/kind");
  return manifest.locate("/spec/targets", "key");
}

function namesFrom(written: readonly string[] | Selector): readonly string[] | undefined {
  return isList(written) ? written : undefined;
}

/** Array.isArray does not narrow readonly arrays. */
function isList(written: readonly string[] | Selector): written is readonly string[] {
  return Array.isArray(written);
}

function refuseUnknownNames(
  manifest: ObjectManifest,
  names: readonly string[],
  targets: TargetList,
  report: Report,
): void {
  for (const [index, name] of names.entries()) {
    if (targets.names.has(name) || !targets.isWhole) continue;
    const hint = didYouMean(nearest(name, targets.names));
    const message = `there is no target ${quoted(name)}`;
    report(errorAt(manifest.locate(`/spec/targets/${index}`), { code: "selected-nowhere", message, hint }));
  }
}

function refuseUnclearConditions(manifest: ObjectManifest, report: Report): void {
  const written = manifest.document.spec?.targets;
  const conditions: readonly Condition[] =
    (written && !Array.isArray(written) && written.matchExpressions) || [];
  for (const [index, { operator, values = [] }] of conditions.entries()) {
    const needsValues = operator === "In" || operator === "NotIn";
    if (needsValues === values.length > 0) continue;
    const message = needsValues ? `${operator} needs values` : `${operator} takes no values`;
    const span = manifest.locate(`/spec/targets/matchExpressions/${index}/operator`);
    report(errorAt(span, { code: "conflicting-fields", message }));
  }
}

/** As Kubernetes does: every condition must hold, and an empty selector takes all. */
function matches(target: Target, written: readonly string[] | Selector): boolean {
  if (isList(written)) return false;
  const labels = new Map(Object.entries(target.labels));
  return (
    Object.entries(written.matchLabels ?? {}).every(([key, value]) => labels.get(key) === value) &&
    (written.matchExpressions ?? []).every((condition) => holds(condition, labels.get(condition.key)))
  );
}

/** NotIn holds where the label is missing, too. */
function holds({ operator, values = [] }: Condition, label: string | undefined): boolean {
  switch (operator) {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
  }
}
