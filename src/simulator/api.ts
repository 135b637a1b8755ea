// From a request to its answer: the order in which the real server looks at things, and what it says at each step.

import { contentLength, headProblem, jsonType, mediaType, placeOf, plain } from "./admission.ts";
import { authenticate, credentialsOf } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { mergeParameters, parseForm, parseJsonBody } from "./http/body.ts";
import { endpointsOf } from "./calls/all.ts";
import type { Host } from "./host.ts";
import type { Answer, RequestHead } from "./http/message.ts";
import type { Json } from "./json.ts";
import { badParameters, forbidden, notImplemented, Refusal } from "./refusal.ts";
import { rendererFor, type Outcome } from "./render.ts";
import { routeTo, type Route } from "./router.ts";
import { textOf, verifyParameters, type RawParameters } from "./parameters/verify.ts";

export interface Api {
  /** An answer from the head alone, or how many bytes of body are wanted. */
  begin(head: RequestHead): Answer | { readonly wants: number };
  finish(head: RequestHead, body: Buffer): Answer;
}

export function openApi(host: Host): Api {
  const route = routeTo(endpointsOf(host.profile));
  return {
    begin: (head) => headProblem(host, head) ?? { wants: contentLength(head) },
    finish: (head, body) => answerCall(host, head, { body: body.toString("latin1"), route }),
  };
}

interface Arrived {
  /** One character a byte. */
  readonly body: string;
  readonly route: (method: string, path: string) => Route | undefined;
}

function answerCall(host: Host, head: RequestHead, { body, route }: Arrived): Answer {
  const place = placeOf(head);
  if (place.kind !== "api") return plain(501, "no such uri");
  const render = rendererFor(place.format, host.profile);
  if (render === undefined) return plain(501, `no formatter for uri ${place.path}, ${place.format}`);
  const parameters = guarded(() => parametersOf(head, body));
  if (parameters.kind === "refused") return plain(500, parameters.refusal.message);
  const found = route(head.method, place.path);
  if (found === undefined)
    return render({ kind: "refused", refusal: notImplemented(head.method, place.path) });
  const outcome = guarded(() =>
    runEndpoint(host, head, { ...found, path: place.path, raw: parameters.value }),
  );
  return { ...render(outcome), ...(found.endpoint.forwarded === true && { forwarded: true }) };
}

function parametersOf(head: RequestHead, body: string): RawParameters {
  const query = parseForm(/\?([^#]*)/su.exec(head.target)?.[1] ?? "");
  if (head.method !== "POST" && head.method !== "PUT") return mergeParameters(query, new Map());
  const fromBody = mediaType(head) === jsonType ? parseJsonBody(body) : parseForm(body);
  return mergeParameters(query, fromBody);
}

interface Found extends Route {
  readonly path: string;
  readonly raw: RawParameters;
}

function runEndpoint(host: Host, head: RequestHead, { endpoint, pathParameters, path, raw }: Found): Json {
  const all = withPathParameters(raw, pathParameters);
  const credentials = credentialsOf(head);
  if (endpoint.ticketOnly === true && credentials.apiToken !== undefined)
    throw forbidden(`URI '${path}' not available with API token, need proper ticket.\n`);
  const identity = authenticate(host, { method: head.method, path }, credentials);
  const caller = identity.kind === "caller" ? identity.id : undefined;
  authorize(endpoint.permission, { host, caller, texts: textsOf(all) });
  const parameters = verifyParameters(all, endpoint.parameters);
  return endpoint.run({ host, caller, parameters }) ?? null;
}

/** What the path says of a parameter must not be contradicted. */
function withPathParameters(raw: RawParameters, pathParameters: ReadonlyMap<string, string>): RawParameters {
  for (const [name, value] of pathParameters) {
    const other = raw.get(name) ?? undefined;
    if (other !== undefined && textOf(other) !== value)
      throw badParameters({
        [name]: "duplicate parameter (already defined in URI) with conflicting values!",
      });
  }
  return new Map<string, Json>([...raw, ...pathParameters]);
}

function textsOf(raw: RawParameters): ReadonlyMap<string, string> {
  return new Map(
    [...raw].flatMap(([name, value]): [string, string][] => {
      if (typeof value === "string" || typeof value === "number") return [[name, String(value)]];
      return Array.isArray(value) ? [[name, value.map(String).join(",")]] : [];
    }),
  );
}

function guarded<T>(work: () => T): Outcome<T> {
  try {
    return { kind: "done", value: work() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", refusal: error };
    throw error;
  }
}
