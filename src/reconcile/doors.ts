import type { Doors } from "../apply/doors.ts";
import { isTokenId } from "../model/ids.ts";
import { wordReference } from "../model/secret.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { generatePassword } from "../secrets/generate.ts";
import { resolved, unresolved, type Resolved } from "../secrets/resolved.ts";
import type { SinkSurroundings } from "../secrets/sink.ts";
import { wayOf } from "../secrets/sinks.ts";
import { resolveSecret } from "../secrets/source.ts";
import { Bug } from "../support/bug.ts";
import type { Opened, Surroundings } from "./open.ts";
import { readLive } from "./read-live.ts";

/** All through which applying a plan touches this target, its secrets and its sinks. */
export function doorsFor(
  opened: Opened,
  surroundings: Surroundings,
  { onProgress, onMoved, audit }: Pick<Doors, "onProgress" | "onMoved" | "audit">,
): Doors {
  const { connected, stations } = opened;
  const around = sinkSurroundings(opened, surroundings);
  return {
    write: connected.write,
    caller: opened.caller,
    superuser: stations.product.superuser,
    readBack: async (signal) => (await readLive(opened, signal)).state,
    readRealm: async (realm, signal) => {
      const { product, readRealm } = stations;
      const found = await readRealm(connected.read, product, { ...realm, comment: "" }, signal);
      if (found === "gone" || found === "forbidden") return undefined;
      return { options: found.realm.options ?? {}, digest: found.digest };
    },
    requestFor: stations.requestFor,
    secretFor: (reference) => resolveSecret(reference, surroundings),
    proveSink: (delivery, owner) => wayOf(delivery).prove(owner, around),
    deliver: (delivery, issued) => wayOf(delivery).deliver(issued, around),
    generatePassword,
    passwordLengths: stations.product.passwordLengths,
    renewCaller: (signal) => renewCaller(opened, surroundings, signal),
    audit,
    clock: surroundings.clock,
    onProgress,
    onMoved,
  };
}

/** What sinks need to know of the target and of the process. */
export function sinkSurroundings(
  { desired }: Opened,
  { environment, allowExec, logger }: Surroundings,
): SinkSurroundings {
  return { target: desired.target.name, environment, allowExec, logger };
}

/** What the source holds now, proved by one request, and used from then on. */
async function renewCaller(
  { connected, desired, caller }: Opened,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Resolved<string>> {
  const { credentials } = desired.target;
  if (credentials.kind !== "token" || !isTokenId(caller)) throw new Bug(`${caller} is no token`);
  const place = wordReference(credentials.secret);
  const secret = await resolveSecret(credentials.secret, surroundings);
  if (!secret.ok) return secret;
  try {
    if ((await connected.probe.token(caller, secret.value, signal)) === "refused")
      return unresolved("secret-refused", `the server refuses what ${place} holds`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Nobody can tell: the writes that follow will.
  }
  connected.renew(secret.value);
  return resolved(place);
}
