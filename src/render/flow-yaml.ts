// A document as YAML that people read: its fields one a line, what is in them in flow style.

import { yamlScalar } from "../support/yaml-scalar.ts";

/** `metadata: { name: ops }` */
export function flowDocument(document: object): string {
  return Object.entries(document)
    .map(([name, value]) => `${name}: ${flow(value)}\n`)
    .join("");
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${flow(inner)}`)
      .join(", ")} }`;
  }
  return typeof value === "string" ? yamlScalar(value) : String(value);
}
