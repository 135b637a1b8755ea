// A document as YAML that people read: its fields one a line, what is in them in flow style. JSON's strings are YAML's.

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
  return typeof value === "string" ? scalar(value) : String(value);
}

/** Plain where it can only be read as a text: with a letter in front, and no word that YAML takes for something else. */
function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z/][A-Za-z0-9/._@-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(text);
  return isPlain ? text : JSON.stringify(text);
}
