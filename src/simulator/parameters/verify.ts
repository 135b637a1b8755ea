import type { Json } from "../json.ts";
import { badParameters } from "../refusal.ts";
import { splitList, type ParameterSchema, type ParameterTable, type Parameters } from "./schema.ts";

/** Parameters as they came: from a form, a query or a JSON body. A key may be there without a value. */
export type RawParameters = ReadonlyMap<string, Json>;

/** Checks every parameter against the table; all that is wrong is refused at once. */
export function verifyParameters(raw: RawParameters, table: ParameterTable): Parameters {
  const errors = new Map<string, string>();
  const verified = new Map<string, string>();
  for (const [name, schema] of Object.entries(table)) {
    const value = joinList(raw.get(name) ?? undefined, schema);
    const problem = value === undefined ? absenceProblem(schema) : problemOf(value, schema);
    if (problem !== undefined) errors.set(name, problem);
    else if (value !== undefined) verified.set(name, textOf(value));
  }
  for (const name of raw.keys()) addRelations(name, raw, { table, errors });
  if (errors.size > 0) throw badParameters(Object.fromEntries(errors));
  return verified;
}

function addRelations(
  name: string,
  raw: RawParameters,
  { table, errors }: { readonly table: ParameterTable; readonly errors: Map<string, string> },
): void {
  const schema = Object.hasOwn(table, name) ? table[name] : undefined;
  if (schema === undefined) {
    const place = name === "" ? "_root" : name;
    errors.set(
      place,
      "property is not defined in schema and the schema does not allow additional properties",
    );
    return;
  }
  const { requires } = schema;
  if (requires === undefined || (raw.get(requires) ?? undefined) !== undefined) return;
  // A second mistake of one parameter is a second line.
  const before = errors.get(requires);
  const text = `missing property required by '${name}'`;
  errors.set(requires, before === undefined ? text : `${before}\n${text}`);
}

function joinList(value: Json | undefined, schema: ParameterSchema): Json | undefined {
  if (!Array.isArray(value) || schema.list !== true) return value;
  return value.map((word: Json) => textOf(word)).join(",");
}

/** What is wrong with a value that is not there. */
export function absenceProblem(schema: ParameterSchema): string | undefined {
  return schema.optional === true ? undefined : "property is missing and it is not optional";
}

/** What is wrong with one value, or undefined. */
export function problemOf(value: Json, schema: ParameterSchema): string | undefined {
  return typeProblem(value, schema.type) ?? textProblem(textOf(value), schema);
}

function typeProblem(value: Json, type: ParameterSchema["type"]): string | undefined {
  const reference = referenceName(value);
  if (reference !== undefined) {
    if (type === "boolean" && typeof value === "boolean") return undefined;
    return `type check ('${type}') failed - got ${reference}`;
  }
  const text = textOf(value);
  if (type === "boolean" && text !== "0" && text !== "1")
    return `type check ('boolean') failed - got '${text}'`;
  if (type === "integer" && !/^[+-]?[0-9]+\n?$/u.test(text))
    return `type check ('integer') failed - got '${text}'`;
  return undefined;
}

/** What the server's language calls a value that is no plain one. */
function referenceName(value: Json): string | undefined {
  if (typeof value === "boolean") return "JSON::PP::Boolean";
  if (Array.isArray(value)) return "ARRAY";
  return typeof value === "object" && value !== null ? "HASH" : undefined;
}

function textProblem(text: string, schema: ParameterSchema): string | undefined {
  return (
    formatProblem(text, schema) ??
    lengthProblem(text, schema) ??
    rangeProblem(text, schema) ??
    valueProblem(text, schema)
  );
}

function formatProblem(
  text: string,
  { format, list, mayBeEmpty, pattern }: ParameterSchema,
): string | undefined {
  if (format !== undefined && !(mayBeEmpty === true && text === "")) {
    for (const word of list === true ? splitList(text) : [text]) {
      const problem = format(word);
      if (problem !== undefined) return `invalid format - ${problem}\n`;
    }
  }
  return pattern === undefined || pattern.test(text) ? undefined : "value does not match the regex pattern";
}

function lengthProblem(text: string, { maximumLength, minimumLength }: ParameterSchema): string | undefined {
  const { length } = Array.from(text);
  if (maximumLength !== undefined && length > maximumLength)
    return `value may only be ${maximumLength} characters long`;
  if (minimumLength !== undefined && length < minimumLength)
    return `value must be at least ${minimumLength} characters long`;
  return undefined;
}

function rangeProblem(text: string, { type, minimum, maximum }: ParameterSchema): string | undefined {
  if (type !== "integer") return undefined;
  const value = Number(text);
  if (maximum !== undefined && value > maximum) return `value must have a maximum value of ${maximum}`;
  if (minimum !== undefined && value < minimum) return `value must have a minimum value of ${minimum}`;
  return undefined;
}

function valueProblem(text: string, { values }: ParameterSchema): string | undefined {
  if (values === undefined || values.includes(text)) return undefined;
  return `value '${text}' does not have a value in the enumeration '${values.join(", ")}'`;
}

/** A plain value as the text that it is verified as. */
export function textOf(value: Json): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
