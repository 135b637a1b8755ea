import { Secret } from "../model/secret.ts";
import { backoffMs } from "../support/backoff.ts";
import type { Clock } from "../support/clock.ts";
import { ApiError, type ApiErrorKind } from "./api-error.ts";
import type { Line } from "./line.ts";
import type { Session } from "./session.ts";
import type { HttpRequest } from "./transport.ts";
import type { ApiRequest, Headers, Wire } from "./wire.ts";

/** How waits are made, so that tests need not wait. */
interface Patience {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Few, since each attempt that ends as `busy` has waited ten seconds for the lock on the server already. */
const attempts = 3;
const waits = { firstMs: 500, longestMs: 5_000 };

/** Certain to have changed nothing; a write whose answer was lost is `ambiguous` and never repeated here. */
const repeatable: ReadonlySet<ApiErrorKind> = new Set(["unreachable", "busy"]);

/** Sends requests until they are answered, refused or given up. */
export class Client {
  readonly #wire: Wire;
  readonly #line: Line;
  readonly #patience: Patience;

  constructor(wire: Wire, line: Line, patience: Patience) {
    this.#wire = wire;
    this.#line = line;
    this.#patience = patience;
  }

  /** The `data` of the answer; throws ApiError, or the signal's reason where nothing can have happened. */
  async perform(request: ApiRequest, session: Session, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await this.#attempt(request, session, signal);
      } catch (error) {
        if (!(error instanceof ApiError) || !repeatable.has(error.kind) || attempt + 1 >= attempts)
          throw error;
      }
      await this.#patience.clock.sleep(backoffMs(attempt, waits, this.#patience.random), signal);
    }
  }

  /** A 401 says that nothing was done, so it may be tried once more with a new ticket. */
  async #attempt(request: ApiRequest, session: Session, signal: AbortSignal): Promise<unknown> {
    const headers = await session.headersFor(request, signal);
    const answer = await this.#send(request, headers, signal);
    if (answer.status !== 401 || !session.renewAfter(headers)) return this.#wire.dataFrom(request, answer);
    const renewed = await session.headersFor(request, signal);
    return this.#wire.dataFrom(request, await this.#send(request, renewed, signal));
  }

  #send(request: ApiRequest, headers: Headers, signal: AbortSignal): ReturnType<Line["send"]> {
    return this.#line.send(request, httpRequestFor(this.#wire.basePath, request, headers), signal);
  }
}

/** Parameters travel as a form: in the body of POST and PUT, in the query otherwise. Secrets are read here only. */
function httpRequestFor(basePath: string, request: ApiRequest, headers: Headers): HttpRequest {
  const { method } = request;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(request.parameters)) {
    form.set(name, value instanceof Secret ? value.reveal() : value);
  }
  const path = `${basePath}${request.path}`;
  if (method === "POST" || method === "PUT") {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return { method, path, headers: { ...headers, ...type }, body: form.toString() };
  }
  return { method, path: form.size === 0 ? path : `${path}?${form.toString()}`, headers, body: undefined };
}
