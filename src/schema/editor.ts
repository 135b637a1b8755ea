import { schemas, type SchemaDocument } from "./kinds.ts";

/**
 * One JSON Schema for editors over all kinds. By `kind` it leads to that kind's own schema, so that an editor marks and
 * offers what belongs to the kind that is being written.
 */
export function editorSchema(): SchemaDocument {
  const kinds = Object.keys(schemas);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://rolecall.dev/schemas/v1/manifest.json",
    title: "Rolecall manifest",
    description: "A declaration of who may do what on a Proxmox system.",
    type: "object",
    required: ["apiVersion", "kind", "metadata"],
    properties: {
      apiVersion: { const: "rolecall.dev/v1" },
      kind: { enum: kinds, description: "What this declares." },
    },
    allOf: kinds.map((kind) => ({
      if: { required: ["kind"], properties: { kind: { const: kind } } },
      then: { $ref: `#/$defs/${kind}` },
    })),
    $defs: { ...schemas },
  };
}
