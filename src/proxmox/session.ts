import type { Clock } from "../support/clock.ts";
import type { ApiRequest, Headers, Ticket, Wire } from "./wire.ts";

/** Who the requests say that they come from. */
export interface Session {
  headersFor(request: ApiRequest, signal: AbortSignal): Promise<Headers>;
  /** After a 401 to these headers: whether another try will carry other ones. */
  renewAfter(refused: Headers): boolean;
}

/** A token is sent as it is; a server that refuses it once refuses it again. */
export class TokenSession implements Session {
  #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  headersFor(): Promise<Headers> {
    return Promise.resolve(this.#headers);
  }

  renewAfter(): boolean {
    return false;
  }

  /** From now on: the token's secret was made anew. */
  replace(headers: Headers): void {
    this.#headers = headers;
  }
}

interface HeldTicket {
  readonly ticket: Promise<Ticket>;
  readonly sinceMs: number;
  /** What was made from it: a 401 to headers of an earlier ticket says nothing about this one. */
  readonly headers: WeakSet<Headers>;
}

/** Holds the ticket of one user: got when the first request needs it, renewed before the server forgets it. */
export class TicketSession implements Session {
  readonly #wire: Wire;
  readonly #logIn: (signal: AbortSignal) => Promise<Ticket>;
  readonly #clock: Clock;
  #held: HeldTicket | undefined;

  constructor(wire: Wire, logIn: (signal: AbortSignal) => Promise<Ticket>, clock: Clock) {
    this.#wire = wire;
    this.#logIn = logIn;
    this.#clock = clock;
  }

  async headersFor(request: ApiRequest, signal: AbortSignal): Promise<Headers> {
    const held = this.#valid() ?? this.#renew(signal);
    const headers = this.#wire.ticketHeaders(await held.ticket, request.method);
    held.headers.add(headers);
    return headers;
  }

  renewAfter(refused: Headers): boolean {
    if (this.#held?.headers.has(refused) === true) this.#held = undefined;
    return true;
  }

  #valid(): HeldTicket | undefined {
    const age = this.#held === undefined ? Infinity : this.#clock.now() - this.#held.sinceMs;
    return age < this.#wire.ticketAgeMs ? this.#held : undefined;
  }

  /** Reads run in parallel and all wait for this one login. A failed one is not held: the next request tries again. */
  #renew(signal: AbortSignal): HeldTicket {
    const ticket = this.#logIn(signal);
    const held = { ticket, sinceMs: this.#clock.now(), headers: new WeakSet<Headers>() };
    this.#held = held;
    ticket.catch(() => {
      if (this.#held === held) this.#held = undefined;
    });
    return held;
  }
}
