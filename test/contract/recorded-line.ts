// One recorded exchange, and a live answer in the same shape.

import type { RawAnswer } from "../support/raw-request.ts";

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export interface Line {
  readonly name: string;
  readonly as: string;
  readonly csrf?: false;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly contentType: string | null;
    readonly body: Value;
  };
  readonly response: Response;
  readonly varies: readonly string[];
  readonly unordered?: readonly string[];
}

export interface Response {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body: Value;
}

export function responseFrom({ status, reason, headers, body }: RawAnswer): Response {
  const contentType = headers.get("content-type") ?? null;
  const text = body.toString("utf8");
  const parsed: Value =
    contentType !== null && contentType.includes("json") && text !== "" ? (JSON.parse(text) as Value) : text;
  return { status, reason, headers: { "content-type": contentType }, body: parsed };
}

export function isRecord(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The `data` of a body; empty where there is none. */
export function dataOf(body: Value): Readonly<Record<string, Value>> {
  const data = isRecord(body) ? (body["data"] ?? null) : null;
  return isRecord(data) ? data : {};
}

export function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
