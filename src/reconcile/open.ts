import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { AuthId } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { holderOf, type Credentials, type TextOrEnv } from "../model/target.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { connect, type Connected } from "../proxmox/connect.ts";
import type { OnRequest } from "../proxmox/line.ts";
import type { Limits, OpenTransport } from "../proxmox/transport.ts";
import { resolveConnection } from "../secrets/connection.ts";
import type { Environment } from "../secrets/source.ts";
import { Bug } from "../support/bug.ts";
import type { Clock } from "../support/clock.ts";
import type { Logger } from "../support/logger.ts";
import { stations, type ProductStations } from "./products.ts";
import type { ReportError, TargetReport } from "./report.ts";

/** What a pass needs of the process around it. */
export interface Surroundings {
  readonly environment: Environment;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told of every request that was answered, or was not. */
  readonly onRequest?: OnRequest;
  /** Of each target's connections; those of the commands where undefined. */
  readonly limits?: Limits;
  /** The way to servers: the network, where undefined. */
  readonly openTransport?: OpenTransport;
  /** Whether programs that a Target names may be started (`--allow-exec`). */
  readonly allowExec: boolean;
}

/**
 * Only `apply` needs what may write; the others take `planCredentials` where there are some. `ask` judges nothing, so
 * it need not know who applies.
 */
/** `ask`: who may do what; `export`: everything there is to declare, too. */
export type Purpose = "plan" | "ask" | "export" | "apply";

/** All that planning needs to know beside the live state. */
export interface Bearings {
  readonly purpose: Purpose;
  readonly clock: Pick<Clock, "now">;
  readonly allowExec: boolean;
  readonly desired: DesiredOverTime;
  readonly stations: ProductStations;
  /** The identity that applies. */
  readonly caller: AuthId;
  /** Every identity that the target's credentials name. */
  readonly callers: readonly AuthId[];
}

/** An open way to a target, and who is judged. */
export interface Opened extends Bearings {
  readonly clock: Clock;
  readonly connected: Connected;
}

/** Why a pass ended before there was a plan. */
export interface Ended {
  readonly status: "unreachable" | "invalid";
  readonly error: ReportError;
}

export async function openTarget(
  desired: DesiredOverTime,
  purpose: Purpose,
  surroundings: Surroundings,
  callerOverride?: AuthId,
): Promise<Opened | Ended> {
  const { target } = desired;
  const product = stationsFor(target.product);
  const credentials =
    purpose === "apply" ? target.credentials : (target.planCredentials ?? target.credentials);
  const connection = await resolveConnection(target, credentials, {
    product: product.product,
    environment: surroundings.environment,
    allowExec: surroundings.allowExec,
    logger: surroundings.logger,
  });
  if (!connection.ok) {
    const place = `${target.source.file}:${target.source.line}`;
    const message = connection.problems.map((problem) => `${place}: ${problem.message}`).join("; ");
    return { status: "invalid", error: { code: connection.problems[0]?.code ?? "credentials", message } };
  }
  const named = callersOf(desired, product, surroundings.environment);
  try {
    const connected = connect(connection.value, surroundings);
    const isCaller = credentials === target.credentials || purpose === "ask" || purpose === "export";
    const applies = callerOverride ?? named.applies ?? (isCaller ? connected.caller : undefined);
    if (applies === undefined) {
      await connected.close();
      return unnamedCaller();
    }
    const callers = [...new Set([applies, connected.caller, ...named.all])];
    return {
      purpose,
      clock: surroundings.clock,
      allowExec: surroundings.allowExec,
      desired,
      stations: product,
      connected,
      caller: applies,
      callers,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return endedBy(error);
  }
}

export function stationsFor(name: TargetReport["product"]): ProductStations {
  const found = stations[name];
  if (!found) throw new Bug(`no stations for ${name}`);
  return found;
}

export function unnamedCaller(): Ended {
  return {
    status: "invalid",
    error: {
      code: "caller-unknown",
      message:
        "guards judge as the identity of the target's credentials, whose id stands in a variable that is not set here: " +
        "set it, or name the identity with --caller",
    },
  };
}

/** The identities that can be read: an id in a variable may be unset where only the other credentials are at hand. */
export function callersOf(
  { target }: Pick<DesiredOverTime, "target">,
  { product }: ProductStations,
  environment: Environment,
): { readonly applies: AuthId | undefined; readonly all: readonly AuthId[] } {
  const applies = namedBy(target.credentials, product, environment);
  const plans = target.planCredentials && namedBy(target.planCredentials, product, environment);
  return { applies, all: [applies, plans].flatMap((id) => id ?? []) };
}

/** The identity of credentials; undefined where its id stands in a variable that is not set, or is none. */
export function namedBy(
  credentials: Credentials,
  product: Product,
  environment: Environment,
): AuthId | undefined {
  const text = textOf(holderOf(credentials), environment);
  if (text === undefined) return undefined;
  const id = credentials.kind === "token" ? product.parseTokenId(text) : product.parseUserId(text);
  return id.ok ? id.value : undefined;
}

function textOf(from: TextOrEnv, environment: Environment): string | undefined {
  if ("text" in from) return from.text;
  return Object.hasOwn(environment, from.env) ? environment[from.env] : undefined;
}

/** What an ApiError outside of a plan's own writes means for the pass. */
export function endedBy(error: ApiError): Ended {
  const isLine = error.kind === "unreachable" || error.kind === "tls" || error.kind === "ambiguous";
  return {
    status: isLine ? "unreachable" : "invalid",
    error: {
      code: isLine ? `server-${error.kind === "tls" ? "untrusted" : "unreachable"}` : `server-${error.kind}`,
      message: error.message,
    },
  };
}
