import type { Clock } from "../support/clock.ts";
import type { Logger } from "../support/logger.ts";
import { ApiError } from "./api-error.ts";
import type { Endpoint } from "./endpoint.ts";
import type { LineFailure } from "./line-failure.ts";
import type { Exchange, HttpRequest, Transport } from "./transport.ts";
import type { Answer, ApiRequest } from "./wire.ts";

/** How one request ended: by the status of its answer, or by how the line failed. */
export type OnRequest = (request: { readonly method: string; readonly status: string }) => void;

interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRequest?: OnRequest;
  readonly gaveUp: (answer: Answer) => boolean;
  readonly cutOff: (answer: Answer) => boolean;
}

/** The way to a target over whichever of its endpoints answers. */
export class Line {
  readonly #transport: Transport;
  readonly #surroundings: Surroundings;
  /** The one that answered last comes first, so that a dead one costs its time-out once. */
  #endpoints: readonly Endpoint[];
  #sent = 0;

  constructor(transport: Transport, endpoints: readonly Endpoint[], surroundings: Surroundings) {
    this.#transport = transport;
    this.#endpoints = endpoints;
    this.#surroundings = surroundings;
  }

  /**
   * The answer of the first endpoint that can be reached; throws ApiError. After a lost answer, or one of a proxy that gave
   * up, only a safe request goes on to the next. A certificate that is not the right one ends it: that is no outage, and
   * another node would hide it. A node that is cut off from its cluster comes last from then on, and its answer is the
   * answer: what was read there may be out of date, so whoever writes has to look first.
   */
  async send(request: ApiRequest, http: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const failures: string[] = [];
    let cause: unknown;
    const endpoints = this.#endpoints;
    for (const [index, endpoint] of endpoints.entries()) {
      const exchange = await this.#exchange(endpoint, request, http, signal);
      if (exchange.kind === "answer") {
        const isLast = index + 1 === endpoints.length;
        if (!isLast && request.safe && this.#surroundings.gaveUp(exchange.answer)) continue;
        if (this.#surroundings.cutOff(exchange.answer)) this.#postpone(endpoint, endpoints.length > 1);
        else if (index > 0) this.#prefer(endpoint);
        return exchange.answer;
      }
      if (request.safe) signal.throwIfAborted();
      failures.push(`${endpoint.origin}: ${exchange.words}`);
      cause = exchange.cause;
      const kind = finalKind(request, exchange);
      if (kind !== undefined) throw new ApiError(kind, request, { words: failures.join("; ") }, { cause });
    }
    throw new ApiError("unreachable", request, { words: failures.join("; ") }, { cause });
  }

  async #exchange(
    endpoint: Endpoint,
    request: ApiRequest,
    http: HttpRequest,
    signal: AbortSignal,
  ): Promise<Exchange> {
    const { clock, logger, onRequest } = this.#surroundings;
    const start = clock.now();
    const number = ++this.#sent;
    const exchange = await this.#transport.exchange(endpoint, http, signal);
    const status = exchange.kind === "answer" ? exchange.answer.status : exchange.kind;
    onRequest?.({ method: request.method, status: String(status) });
    // The path without its query, and never a parameter: what is logged once is read by many.
    logger.debug("request", {
      request: number,
      endpoint: endpoint.origin,
      method: request.method,
      path: request.path,
      status,
      ms: clock.now() - start,
    });
    return exchange;
  }

  #prefer(endpoint: Endpoint): void {
    this.#endpoints = [endpoint, ...this.#endpoints.filter((other) => other !== endpoint)];
  }

  #postpone(endpoint: Endpoint, hasOthers: boolean): void {
    const { logger } = this.#surroundings;
    const next = hasOthers ? "another endpoint is asked" : "there is no other endpoint";
    logger.warn("no quorum: the node does not see most of its cluster", { endpoint: endpoint.origin, next });
    this.#endpoints = [...this.#endpoints.filter((other) => other !== endpoint), endpoint];
  }
}

/** What a failure is for good, or undefined where the next endpoint may be tried. */
function finalKind(request: ApiRequest, failure: LineFailure): ApiError["kind"] | undefined {
  switch (failure.kind) {
    case "unreachable":
      return undefined;
    case "tls":
      return "tls";
    case "lost":
      return request.safe ? undefined : "ambiguous";
    case "too-large":
      return request.safe ? "malformed" : "ambiguous";
  }
}
