// In: objects of Kubernetes as YAML has them. Out: what no API server would know, and objects with a patch applied. The
// fields of every kind are those of the official client, which was generated from the API's own description.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./command.ts";

export type Tree = Readonly<Record<string, unknown>>;

interface Field {
  readonly baseName: string;
  readonly type: string;
}

const models = join(root, "node_modules/@kubernetes/client-node/dist/gen/models");
const simple = new Set(["string", "number", "boolean", "any", "object", "Date", "IntOrString"]);

/** Paths of fields that the kind does not have, and of values of another shape than it takes. */
export async function strangersIn(value: unknown, type: string, path = type): Promise<readonly string[]> {
  const item = /^Array<(.+)>$/u.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    const all = value.map((one, index) => strangersIn(one, item, `${path}[${index}]`));
    return (await Promise.all(all)).flat();
  }
  const valueType = /^\{ \[key: string\]: (.+); \}$/u.exec(type)?.[1];
  if (valueType !== undefined) {
    const all = Object.entries(treeOf(value)).map(([key, one]) =>
      strangersIn(one, valueType, `${path}.${key}`),
    );
    return (await Promise.all(all)).flat();
  }
  if (simple.has(type)) return isOf(value, type) ? [] : [`${path} is no ${type}`];
  if (!isTree(value)) return [`${path} is no object`];
  const fields = await fieldsOf(type);
  const all = Object.entries(value).map(async ([key, one]) => {
    const field = fields.find(({ baseName }) => baseName === key);
    return field === undefined
      ? [`${path}.${key} is not known`]
      : strangersIn(one, field.type, `${path}.${key}`);
  });
  return (await Promise.all(all)).flat();
}

async function fieldsOf(type: string): Promise<readonly Field[]> {
  // Proof: each file of this folder exports the class that it is named after, with this list.
  const model = (await import(pathToFileURL(join(models, `${type}.js`)).href)) as Readonly<
    Record<string, { readonly attributeTypeMap: readonly Field[] }>
  >;
  return model[type]?.attributeTypeMap ?? [];
}

function isOf(value: unknown, type: string): boolean {
  if (type === "IntOrString") return typeof value === "string" || Number.isInteger(value);
  return type === "string" || type === "number" || type === "boolean" ? typeof value === type : true;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is missing has no fields. */
export function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

export function listIn(value: unknown, key: string): readonly Tree[] {
  const list = treeOf(value)[key];
  return Array.isArray(list) ? list.map(treeOf) : [];
}

/** By what a strategic merge patch knows an item of these lists; other lists are replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  volumes: "name",
  volumeMounts: "mountPath",
};

/** As `kubectl kustomize` applies a patch that looks like a part of the object. */
export function patched(base: unknown, patch: unknown, key = ""): unknown {
  const mergeKey = mergeKeys[key];
  // Proof of the casts: anything may lie in a list.
  if (Array.isArray(base) && Array.isArray(patch) && mergeKey !== undefined) {
    const others: unknown[] = [...(base as readonly unknown[])];
    const added = (patch as readonly unknown[]).flatMap((one) => {
      const at = others.findIndex((other) => treeOf(other)[mergeKey] === treeOf(one)[mergeKey]);
      if (at < 0) return [one];
      others[at] = patched(others[at], one);
      return [];
    });
    return [...others, ...added];
  }
  if (!isTree(base) || !isTree(patch)) return patch;
  const merged = Object.entries(patch).map(([name, one]) => [name, patched(base[name], one, name)]);
  return { ...base, ...Object.fromEntries(merged) };
}
