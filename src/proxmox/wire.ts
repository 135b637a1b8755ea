import type { ResolvedCredentials } from "../model/connection.ts";
import type { Secret } from "../model/secret.ts";

/** One request as the API knows it, before it is a product's HTTP. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base path, its segments percent-encoded, without a query. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | Secret>>;
  /** Nothing on the server differs afterwards, so it may be sent again whatever became of it. */
  readonly safe: boolean;
}

/** What came back, whatever it says. */
export interface Answer {
  readonly status: number;
  /** The reason phrase of the status line. */
  readonly reason: string;
  readonly body: string;
  /** When the server says it is, as HTTP writes it. */
  readonly date?: string;
}

export type Headers = Readonly<Record<string, string>>;

/** What a login gave. */
export interface Ticket {
  readonly ticket: Secret;
  /** Sent along with writes, so that a page elsewhere can't make a browser write. */
  readonly csrfToken: Secret;
}

export type Login =
  | { readonly kind: "ticket"; readonly ticket: Ticket }
  | { readonly kind: "second-factor" }
  | { readonly kind: "malformed" };

/** How one product speaks HTTP. A second product is a second value of this type. */
export interface Wire {
  /** What every path is below: `/api2/json`. */
  readonly basePath: string;
  /** What answers without a login, with a list. */
  readonly openPath: string;
  readonly tokenHeaders: (credentials: ResolvedCredentials & { readonly kind: "token" }) => Headers;
  readonly loginRequest: (credentials: ResolvedCredentials & { readonly kind: "password" }) => ApiRequest;
  /** Anybody who is logged in may ask it, whatever their privileges. */
  readonly harmlessRequest: ApiRequest;
  readonly loginFrom: (data: unknown) => Login;
  readonly ticketHeaders: (ticket: Ticket, method: ApiRequest["method"]) => Headers;
  /** How old a ticket gets before a new one is asked for. */
  readonly ticketAgeMs: number;
  /** Not the API answered, but something before it that could not reach it: another node may. */
  readonly gaveUp: (answer: Answer) => boolean;
  /** The node refused to write, since it does not see most of its cluster: another node may. */
  readonly cutOff: (answer: Answer) => boolean;
  /** The `data` of an answer; throws ApiError where it is none or says no. */
  readonly dataFrom: (request: ApiRequest, answer: Answer) => unknown;
}
