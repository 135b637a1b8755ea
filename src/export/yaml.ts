// Exported files as text. Fields stand one a line and short lists in one line, as in the examples; nothing is folded, so
// that a change of one member is a change of one line or one word.

import { apiVersion } from "../schema/common.ts";
import { printable } from "../support/printable.ts";
import { yamlScalar } from "../support/yaml-scalar.ts";
import type { ExportedDocument, Part } from "./exported.ts";

/** The longest line that a list is written in. */
const width = 100;

export function wordPart({ remarks, documents }: Part): string {
  const head = remarks.map(commentLine).join("");
  const body = documents.map(wordDocument).join("---\n");
  return `${head}${head === "" || body === "" ? "" : "\n"}${body}`;
}

function wordDocument({ kind, name, spec, remarks }: ExportedDocument): string {
  const fields = Object.entries(spec);
  return [
    ...remarks.map(commentLine),
    `apiVersion: ${apiVersion}\n`,
    `kind: ${kind}\n`,
    `metadata: { name: ${yamlScalar(name)} }\n`,
    ...(fields.length === 0 ? [] : ["spec:\n"]),
    ...fields.map(([field, value]) => wordField(field, value)),
  ].join("");
}

/** No character of a server's text may end the comment. */
function commentLine(text: string): string {
  return `# ${printable(text)}\n`;
}

function wordField(field: string, value: unknown): string {
  const line = `  ${field}: ${flow(value)}\n`;
  if (line.length <= width) return line;
  if (isMapping(value)) {
    const inner = Object.entries(value).map(([name, one]) => `    ${name}: ${flow(one)}\n`);
    return `  ${field}:\n${inner.join("")}`;
  }
  if (!Array.isArray(value)) return line;
  return `  ${field}:\n${value.map((element) => `    - ${flow(element)}\n`).join("")}`;
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isMapping(value)) {
    const fields = Object.entries(value).map(([name, inner]) => `${name}: ${flow(inner)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return typeof value === "string" ? yamlScalar(value) : String(value);
}
