// In: nothing. Out: what an endpoint says of its parameters. Must not know: any endpoint.
// Source: the server's own API schema (9.2); texts and rules of the verification are recorded in test/contract.

/** Gives what is wrong with a value, or undefined. */
export type Format = (value: string) => string | undefined;

export interface ParameterSchema {
  readonly type: "string" | "boolean" | "integer";
  readonly optional?: boolean;
  readonly format?: Format;
  /** The value is a list, and the format is that of its members. */
  readonly list?: boolean;
  /** An empty value passes the format. */
  readonly mayBeEmpty?: boolean;
  readonly pattern?: RegExp;
  readonly maximumLength?: number;
  readonly minimumLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly string[];
  /** Another parameter that must be given with this one. */
  readonly requires?: string;
}

export type ParameterTable = Readonly<Record<string, ParameterSchema>>;

/** Verified: texts only. A boolean is `0` or `1`. */
export type Parameters = ReadonlyMap<string, string>;

/** The same parameter, but it may be left out. */
export function optional(schema: ParameterSchema): ParameterSchema {
  return { ...schema, optional: true };
}

/** The words of a list parameter: any of `,` `;` and blanks separate, unless a NUL does. */
export function splitList(value: string | undefined): string[] {
  // "0" is false in the server's language, and an empty list with it.
  if (value === undefined || value === "0") return [];
  return value.split(value.includes("\0") ? "\0" : /[\s,;]+/u).filter((word) => word !== "");
}

/** A flag that is given and set. */
export function isSet(parameters: Parameters, name: string): boolean {
  return parameters.get(name) === "1";
}

/** What the server's language takes for a value that is there: neither empty nor "0". */
export function isTrue(value: string | undefined): value is string {
  return value !== undefined && value !== "" && value !== "0";
}
