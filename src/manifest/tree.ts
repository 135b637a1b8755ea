/** From one offset of the text up to another, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A document as it was written: its values, each with where it stands. */
export type Tree = PlainTree | Alias;

export type PlainTree =
  | ({ readonly kind: "scalar"; readonly value: string | number | boolean | null } & Range)
  | ({ readonly kind: "mapping"; readonly entries: ReadonlyMap<string, Entry> } & Range)
  | ({ readonly kind: "sequence"; readonly elements: readonly Tree[] } & Range);

/** A mention of what stands elsewhere. */
interface Alias extends Range {
  readonly kind: "alias";
  readonly of: PlainTree;
}

export interface Entry {
  readonly key: Range;
  readonly value: Tree;
}

/** The plain value that a tree stands for. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "alias":
      return valueOf(tree.of);
    case "sequence":
      return tree.elements.map(valueOf);
    case "mapping":
      // fromEntries defines properties where an assignment would obey a key named __proto__.
      return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, valueOf(value)]));
  }
}

/** What stands there, or what is mentioned there. */
export function resolved(tree: Tree): PlainTree {
  return tree.kind === "alias" ? tree.of : tree;
}

/** The element or entry below a tree that one step of a JSON pointer leads to. */
export function childAt(
  tree: Tree,
  step: string,
): { readonly value: Tree; readonly key?: Range } | undefined {
  const parent = resolved(tree);
  if (parent.kind === "mapping") return parent.entries.get(step);
  if (parent.kind !== "sequence") return undefined;
  const element = parent.elements[Number(step)];
  return element && { value: element };
}
