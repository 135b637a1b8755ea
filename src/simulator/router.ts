// From a method and a path to the endpoint, with what the path says of parameters.

import type { Endpoint } from "./calls/endpoint.ts";

export interface Route {
  readonly endpoint: Endpoint;
  readonly pathParameters: ReadonlyMap<string, string>;
}

export type Router = (method: string, path: string) => Route | undefined;

/** A parameter takes one segment without blanks; doubled and trailing slashes don't count. */
export function routeTo(endpoints: readonly Endpoint[]): Router {
  const table = endpoints.map((endpoint) => ({ endpoint, segments: segmentsOf(endpoint.path) }));
  return (method, path) => {
    const segments = segmentsOf(path);
    for (const entry of table) {
      if (entry.endpoint.method !== method) continue;
      const pathParameters = match(entry.segments, segments);
      if (pathParameters !== undefined) return { endpoint: entry.endpoint, pathParameters };
    }
    return undefined;
  };
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    const name = /^\{(.+)\}$/u.exec(expected)?.[1];
    if (name === undefined && expected !== segment) return undefined;
    if (name === undefined) continue;
    if (/\s/u.test(segment)) return undefined;
    parameters.set(name, segment);
  }
  return parameters;
}
