import {
  Composer,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Parser,
  type CST,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { resolved, type Entry, type PlainTree, type Range, type Tree } from "./tree.ts";
import { syntaxMistake, type YamlMistake } from "./yaml-mistake.ts";

/** A document, or what keeps it from being one: a document with a mistake is not read any further. */
export type ParsedDocument = { readonly tree: Tree } | { readonly mistakes: readonly YamlMistake[] };

/** Deeper than any manifest, and far from where the composer, which recurs, would end the process. */
const maximumDepth = 64;
const maximumAliasNodes = 100;
/** One slip of the pen can make the parser stumble over everything behind it. */
const maximumSyntaxMistakes = 5;

const composerOptions = {
  version: "1.2",
  schema: "core",
  merge: false,
  // The parser would compare each key with all before it; here a map does it.
  uniqueKeys: false,
  prettyErrors: false,
  resolveKnownTags: false,
  logLevel: "silent",
} as const;

/** The documents of a text, empty ones left out. Any text gives a result; nothing is thrown. */
export function parseDocuments(text: string): ParsedDocument[] {
  const composer = new Composer(composerOptions);
  const documents: ParsedDocument[] = [];
  for (const token of new Parser().parse(text)) {
    if (token.type === "document" && isTooDeep(token)) documents.push(tooDeep(token.offset));
    else for (const document of composer.next(token)) documents.push(parsedDocument(document));
  }
  for (const document of composer.end()) documents.push(parsedDocument(document));
  return documents.filter((document) => !isEmpty(document));
}

function isEmpty(document: ParsedDocument): boolean {
  return "tree" in document && document.tree.kind === "scalar" && document.tree.value === null;
}

function isTooDeep(document: CST.Document): boolean {
  const open: { readonly token: CST.Token | null | undefined; readonly depth: number }[] = [
    { token: document.value, depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > maximumDepth) return true;
    if (!next.token || !("items" in next.token)) continue;
    const depth = next.depth + 1;
    for (const { key, value } of next.token.items) open.push({ token: key, depth }, { token: value, depth });
  }
  return false;
}

function tooDeep(offset: number): ParsedDocument {
  const message = `the document is nested deeper than ${maximumDepth} levels`;
  return { mistakes: [{ code: "too-deep", message, start: offset, end: offset + 1 }] };
}

function parsedDocument(document: Document.Parsed): ParsedDocument {
  const problems = [...document.errors, ...document.warnings].slice(0, maximumSyntaxMistakes);
  if (problems.length > 0) {
    return { mistakes: problems.map(({ code, pos: [start, end] }) => syntaxMistake(code, { start, end })) };
  }
  const building: Building = { mistakes: [], anchors: new Map(), nodes: 0, aliasNodes: 0 };
  const tree = build(document.contents, building, { start: 0, end: 0 });
  return building.mistakes.length > 0 ? { mistakes: building.mistakes } : { tree };
}

/** What is known of a document while its nodes are turned into a tree. */
interface Building {
  readonly mistakes: YamlMistake[];
  /** With the number of nodes that each stands for, those of aliases in it included. */
  readonly anchors: Map<string, { readonly tree: PlainTree; readonly nodes: number }>;
  nodes: number;
  aliasNodes: number;
}

function build(node: Node | null, building: Building, near: Range): Tree {
  const before = building.nodes++;
  const range = node === null ? near : rangeOf(node, near);
  const tree = convert(node, building, range);
  // Only now: an alias inside of what it stands for would have no end.
  if (node !== null && !isAlias(node) && node.anchor !== undefined) {
    building.anchors.set(node.anchor, { tree: resolved(tree), nodes: building.nodes - before });
  }
  return tree;
}

function convert(node: unknown, building: Building, range: Range): Tree {
  if (isAlias(node)) return expandAlias(node.source, building, range);
  if (isMap(node)) return { kind: "mapping", entries: entriesOf(node.items, building, range), ...range };
  if (isSeq<Node | null>(node)) {
    return {
      kind: "sequence",
      elements: node.items.map((element) => build(element, building, range)),
      ...range,
    };
  }
  return { kind: "scalar", value: isScalar(node) ? scalarValue(node.value) : null, ...range };
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return null;
}

function expandAlias(name: string, building: Building, range: Range): Tree {
  const anchor = building.anchors.get(name);
  if (anchor === undefined) {
    building.mistakes.push({
      code: "unknown-alias",
      message: "no anchor of this name stands before it",
      ...range,
    });
    return { kind: "scalar", value: null, ...range };
  }
  building.nodes += anchor.nodes;
  const before = building.aliasNodes;
  building.aliasNodes += anchor.nodes;
  if (building.aliasNodes <= maximumAliasNodes) return { kind: "alias", of: anchor.tree, ...range };
  const message = `the document's aliases expand to more than ${maximumAliasNodes} nodes`;
  if (before <= maximumAliasNodes) building.mistakes.push({ code: "alias-expansion", message, ...range });
  return { kind: "scalar", value: null, ...range };
}

function entriesOf(pairs: readonly Pair[], building: Building, parent: Range): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { key, value } of pairs) {
    const range = isNode(key) ? rangeOf(key, parent) : parent;
    const entry = { key: range, value: build(isNode(value) ? value : null, building, range) };
    const name = isScalar(key) && typeof key.value === "string" ? key.value : undefined;
    const mistake = keyMistake(name, entries);
    if (mistake !== undefined) building.mistakes.push({ ...mistake, ...range });
    if (name !== undefined && !entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

function keyMistake(
  name: string | undefined,
  known: ReadonlyMap<string, Entry>,
): Omit<YamlMistake, keyof Range> | undefined {
  if (name === undefined)
    return { code: "non-string-key", message: "a key must be a text: put it in quotes" };
  if (known.has(name)) return { code: "duplicate-key", message: "this key stands in its mapping already" };
  if (name !== "<<") return undefined;
  return { code: "unsupported-yaml", message: "merge keys are not supported", hint: "write the fields out" };
}

/** The parser counts what stands behind a value as a part of it; people do not. */
function rangeOf(node: Node, near: Range): Range {
  return node.range ? { start: node.range[0], end: Math.max(node.range[1], node.range[0]) } : near;
}
