// One target looked at from outside in: endpoints, certificates, the release, who can log in, what they see and hold.
// Nothing is planned and nothing written.

import type { DesiredState } from "../model/desired.ts";
import type { AuthId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Credentials } from "../model/target.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { connect } from "../proxmox/connect.ts";
import { inspectEndpoint } from "../proxmox/inspect.ts";
import type { Connection, ResolvedCredentials } from "../model/connection.ts";
import { resolveCredentials, resolveRoute } from "../secrets/connection.ts";
import type { SecretProblem } from "../secrets/resolved.ts";
import type { Check, CheckArea, TargetHealth } from "./check.ts";
import { endpointChecks, isAnswered } from "./endpoint-checks.ts";
import {
  applyingChecks,
  loginChecks,
  loginFailure,
  readingChecks,
  releaseCheck,
  type Duty,
} from "./identity-checks.ts";
import { callersOf, stationsFor, type Surroundings } from "./open.ts";

export async function examineTarget(
  desired: DesiredState,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<TargetHealth> {
  const { target } = desired;
  const { name, product } = target;
  const route = await resolveRoute(target, surroundings.environment);
  if (!route.ok) return { name, product, checks: unresolvedChecks("endpoint", "error", route.problems) };
  const trust = route.value.tls;
  const inspections = await Promise.all(
    route.value.endpoints.map((text) =>
      inspectEndpoint(text, { product, trust, clock: surroundings.clock }, signal),
    ),
  );
  const reached = endpointChecks({ inspections, trust, nowMs: surroundings.clock.now() });
  const endpoints = inspections.filter(isAnswered).map(({ origin }) => origin);
  if (endpoints.length === 0) return { name, product, checks: reached };
  const visits = await visitAs(desired, { product, endpoints, tls: trust }, surroundings, signal);
  const version = visits.map(({ live }) => live?.version).find((text) => text !== undefined);
  return {
    name,
    product,
    ...(version !== undefined && { version }),
    checks: [
      ...reached,
      ...(version === undefined ? [] : [releaseCheck(version)]),
      ...visits.flatMap(({ checks }) => checks),
      ...checksOfApplying(desired, visits, surroundings),
    ],
  };
}

/** One identity, and how it fared. */
interface Visit {
  readonly duty: Duty;
  readonly checks: readonly Check[];
  readonly live?: LiveState;
}

/** One after the other: a server that counts failed logins sees no storm. */
async function visitAs(
  desired: DesiredState,
  way: Omit<Connection, "credentials">,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly Visit[]> {
  const { credentials, planCredentials } = desired.target;
  const identities: readonly (readonly [Duty, Credentials])[] =
    planCredentials === undefined
      ? [["plan and apply", credentials]]
      : [
          ["plan", planCredentials],
          ["apply", credentials],
        ];
  const visits: Visit[] = [];
  for (const [duty, written] of identities) {
    const { product } = stationsFor(desired.target.product);
    const { environment, allowExec, logger } = surroundings;
    const resolved = await resolveCredentials(written, { product, environment, allowExec, logger });
    if (!resolved.ok) {
      // Where only plans are made, what applies is rightly out of reach.
      const status = duty === "apply" ? "warning" : "error";
      visits.push({ duty, checks: unresolvedChecks("login", status, resolved.problems, duty) });
    } else visits.push(await visit(duty, { ...way, credentials: resolved.value }, surroundings, signal));
  }
  return visits;
}

async function visit(
  duty: Duty,
  connection: Connection,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Visit> {
  const { product, readLive } = stationsFor(connection.product);
  const caller = idOf(connection.credentials);
  const connected = connect(connection, surroundings);
  try {
    const live = await readLive(
      connected.read,
      product,
      ({ pools }) => ({ pools: new Set(pools.keys()), realms: new Set(), syncJobs: "no" }),
      signal,
    );
    const nowSeconds = Math.floor(surroundings.clock.now() / 1000);
    return {
      duty,
      live,
      checks: [...loginChecks(caller, duty, live, nowSeconds), ...readingChecks(caller, duty, live)],
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { duty, checks: [loginFailure(caller, duty, error)] };
  } finally {
    await connected.close();
  }
}

function idOf(credentials: ResolvedCredentials): AuthId {
  return credentials.kind === "token" ? credentials.id : credentials.user;
}

/** Judged by any whole reading, so that it can be said where the secret of who applies is not at hand. */
function checksOfApplying(
  desired: DesiredState,
  visits: readonly Visit[],
  { clock, environment }: Surroundings,
): readonly Check[] {
  if (desired.target.mode === "observe") return [];
  const stations = stationsFor(desired.target.product);
  const caller = callersOf(desired, stations, environment).applies;
  const reader = visits.findLast((one) => one.live?.incomplete.length === 0);
  if (caller === undefined || reader?.live === undefined) return [];
  const { live } = reader;
  const { superuser } = stations.product;
  const isSeen = visits.some((one) => one.duty !== "plan" && one.live !== undefined);
  const nowSeconds = Math.floor(clock.now() / 1000);
  return applyingChecks({
    desired,
    caller,
    superuser,
    live,
    ...(!isSeen && { seenBy: live.caller }),
    nowSeconds,
  });
}

function unresolvedChecks(
  area: CheckArea,
  status: "warning" | "error",
  problems: readonly SecretProblem[],
  duty?: Duty,
): readonly Check[] {
  const what = duty === undefined ? "" : `the identity for ${duty} could not be read here: `;
  return problems.map(({ code, message }) => ({ area, status, code, message: `${what}${message}` }));
}
