// `rolecall doctor --grant`: offline, since who is to be given something can't log in yet.

import { grantFor, type CallerGrant, type GrantPurpose } from "../guard/caller-grant.ts";
import type { DesiredState } from "../model/desired.ts";
import type { AuthId } from "../model/ids.ts";
import { callersOf, namedBy, stationsFor } from "../reconcile/open.ts";
import { renderGrants, renderGrantsJson, type GrantSheet } from "../render/grants.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";
import { parseCaller } from "./targets.ts";

export interface GrantOptions {
  /** true: all that the target's credentials are for. */
  readonly grant: GrantPurpose | true;
  readonly caller?: string;
  readonly output: "text" | "json";
}

export function printGrants(
  states: readonly DesiredState[],
  options: GrantOptions,
  process: Process,
): ExitStatus {
  const caller = parseCaller(options.caller);
  if (caller !== undefined && states.length > 1)
    throw new Failure(
      "--caller names one identity, and there are several targets",
      exitStatus.error,
      "choose one with --target",
    );
  const sheets = states.map((desired) => sheetFor(desired, options.grant, caller, process));
  process.stdout.write(options.output === "json" ? renderGrantsJson(sheets) : renderGrants(sheets));
  return exitStatus.ok;
}

function sheetFor(
  desired: DesiredState,
  wanted: GrantPurpose | true,
  override: AuthId | undefined,
  { env }: Process,
): GrantSheet {
  const { target } = desired;
  const stations = stationsFor(target.product);
  const { superuser } = stations.product;
  const known = callersOf(desired, stations, env).all;
  const grantTo = (purpose: GrantPurpose): CallerGrant => {
    const credentials =
      purpose === "plan" ? (target.planCredentials ?? target.credentials) : target.credentials;
    // Like everywhere else, it names the identity of `credentials`, unless the other one is asked for alone.
    const isMeant = credentials === target.credentials || wanted === "plan";
    const caller = (isMeant ? override : undefined) ?? namedBy(credentials, stations.product, env);
    if (caller === undefined) throw unnamed(target.name, purpose);
    return grantFor(desired, { purpose, caller, superuser, callers: [...new Set([...known, caller])] });
  };
  return { target: target.name, superuser, grants: purposesOf(desired, wanted).map(grantTo) };
}

/** Who applies plans too, so without planCredentials there is one identity. */
function purposesOf({ target }: DesiredState, wanted: GrantPurpose | true): readonly GrantPurpose[] {
  if (wanted !== true) return [wanted];
  return target.planCredentials === undefined ? ["apply"] : ["plan", "apply"];
}

function unnamed(target: string, purpose: GrantPurpose): Failure {
  return new Failure(
    `${target}: the id of who is to ${purpose} stands in a variable that is not set here`,
    exitStatus.error,
    `set it, or name it: --grant ${purpose} --caller AUTHID`,
  );
}
