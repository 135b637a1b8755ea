import type { Connection, ResolvedCredentials } from "../model/connection.ts";
import type { AuthId } from "../model/ids.ts";
import type { ProductName } from "../model/product.ts";
import type { Secret } from "../model/secret.ts";
import { Bug } from "../support/bug.ts";
import type { Clock } from "../support/clock.ts";
import type { Logger } from "../support/logger.ts";
import { ApiError } from "./api-error.ts";
import { Client } from "./client.ts";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { Line, type OnRequest } from "./line.ts";
import { pveWire } from "./pve-wire.ts";
import { probeClient, type ProbeClient } from "./acceptance.ts";
import type { ReadClient } from "./read.ts";
import { TicketSession, TokenSession, type Session } from "./session.ts";
import { defaultLimits, openTransport, type Limits, type OpenTransport } from "./transport.ts";
import type { Ticket, Wire } from "./wire.ts";
import type { WriteClient } from "./write.ts";

export interface Dependencies {
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onRequest?: OnRequest;
  readonly limits?: Limits;
  /** The network, where undefined. */
  readonly openTransport?: OpenTransport;
}

/** An open way to a target. Reading and writing are two objects, so that who is handed one can't do the other. */
export interface Connected {
  readonly caller: AuthId;
  readonly read: ReadClient;
  readonly write: WriteClient;
  readonly probe: ProbeClient;
  /** Goes on as the same token with its new secret. A session of a password has none to replace. */
  renew(secret: Secret): void;
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
}

/** How each product speaks HTTP. */
export const wires: Readonly<Record<ProductName, Wire | undefined>> = { pve: pveWire, pbs: undefined };

/** Nothing is sent before the first request. Throws ApiError where an endpoint is none that credentials may go to. */
export function connect(connection: Connection, dependencies: Dependencies): Connected {
  const wire = wires[connection.product];
  if (wire === undefined) throw new Bug(`no wire for ${connection.product}`);
  const endpoints = connection.endpoints.map((text, index) => endpointFrom(text, index));
  const open = dependencies.openTransport ?? openTransport;
  const transport = open(connection.tls, dependencies.limits ?? defaultLimits);
  const client = new Client(
    wire,
    new Line(transport, endpoints, { ...dependencies, gaveUp: wire.gaveUp, cutOff: wire.cutOff }),
    dependencies,
  );
  const { credentials } = connection;
  const session = sessionFor(wire, client, credentials, dependencies.clock);
  const caller = callerOf(credentials);
  return {
    caller,
    read: readClient(client, session, caller),
    write: writeClient(client, session),
    probe: probeClient(wire, client),
    renew: (secret) => {
      if (credentials.kind !== "token" || !(session instanceof TokenSession))
        throw new Bug(`${caller} is no token`);
      session.replace(wire.tokenHeaders({ ...credentials, secret }));
    },
    close: () => transport.close(),
  };
}

function callerOf(credentials: ResolvedCredentials): AuthId {
  return credentials.kind === "token" ? credentials.id : credentials.user;
}

function endpointFrom(text: string, index: number): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint.ok) return endpoint.value;
  throw new ApiError(
    "unreachable",
    { method: "CONNECT", path: `endpoint ${index + 1}` },
    { words: `the endpoint ${endpoint.problem}` },
  );
}

function sessionFor(wire: Wire, client: Client, credentials: ResolvedCredentials, clock: Clock): Session {
  if (credentials.kind === "token") return new TokenSession(wire.tokenHeaders(credentials));
  const request = wire.loginRequest(credentials);
  const logIn = async (signal: AbortSignal): Promise<Ticket> => {
    const login = wire.loginFrom(await client.perform(request, new TokenSession({}), signal));
    if (login.kind === "ticket") return login.ticket;
    if (login.kind === "malformed")
      throw new ApiError("malformed", request, { words: "no ticket in the answer" });
    throw new ApiError("unauthenticated", request, {
      words: `${credentials.user} needs a second factor to log in: use an API token`,
    });
  };
  return new TicketSession(wire, logIn, clock);
}

function readClient(client: Client, session: Session, caller: AuthId): ReadClient {
  return {
    caller,
    get: (path, query, signal) =>
      client.perform({ method: "GET", path, parameters: query, safe: true }, session, signal),
  };
}

function writeClient(client: Client, session: Session): WriteClient {
  return { send: (request, signal) => client.perform({ ...request, safe: false }, session, signal) };
}
