import type { Connection } from "../../src/model/connection.ts";
import { Secret } from "../../src/model/secret.ts";
import { connect, type Connected } from "../../src/proxmox/connect.ts";
import { defaultLimits, type Limits } from "../../src/proxmox/transport.ts";
import type { LogFields, Logger } from "../../src/support/logger.ts";
import { aTokenId, aUserId } from "./builders.ts";
import { aClock, type WoundClock } from "./wound-clock.ts";

export const tokenSecret = "3f6c1d8e-0000-4000-8000-canarytoken1";
export const password = "canary password 1";

const asToken: Connection["credentials"] = {
  kind: "token",
  id: aTokenId("ci@pve!plan"),
  secret: new Secret(tokenSecret),
};
export const asRoot: Connection["credentials"] = {
  kind: "password",
  user: aUserId("root@pam"),
  password: new Secret(password),
};

interface LogLine {
  readonly message: string;
  readonly fields: LogFields | undefined;
}

export interface Attempt extends Connected {
  readonly clock: WoundClock;
  readonly log: readonly LogLine[];
}

/** Connects as a token, with a clock whose waits are over at once and limits short enough for a test. */
export function connected(
  endpoints: readonly string[],
  also: Partial<Omit<Connection, "endpoints">> & { readonly limits?: Partial<Limits> } = {},
): Attempt {
  const clock = aClock();
  const log: LogLine[] = [];
  const note = (message: string, fields?: LogFields): void => void log.push({ message, fields });
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const { limits, ...connection } = also;
  const connecting = { product: "pve" as const, endpoints, credentials: asToken, tls: {}, ...connection };
  const dependencies = { clock, random: () => 1, logger, limits: { ...defaultLimits, ...limits } };
  return { ...connect(connecting, dependencies), clock, log };
}
