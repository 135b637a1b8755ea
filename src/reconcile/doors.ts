import type { Doors } from "../apply/doors.ts";
import { generatePassword } from "../secrets/generate.ts";
import type { SinkSurroundings } from "../secrets/sink.ts";
import { deliverToSink, proveSink } from "../secrets/sinks.ts";
import { resolveSecret } from "../secrets/source.ts";
import type { Opened, Surroundings } from "./open.ts";
import { readLive } from "./read-live.ts";

/** All through which applying a plan touches this target, its secrets and its sinks. */
export function doorsFor(
  opened: Opened,
  surroundings: Surroundings,
  { onProgress, onMoved }: Pick<Doors, "onProgress" | "onMoved">,
): Doors {
  const { connected, desired, stations } = opened;
  const { environment, allowExec, logger } = surroundings;
  const secret: SinkSurroundings = { target: desired.target.name, environment, allowExec, logger };
  return {
    write: connected.write,
    caller: opened.caller,
    superuser: stations.product.superuser,
    readBack: async (signal) => (await readLive(opened, signal)).state,
    requestFor: stations.requestFor,
    secretFor: (reference) => resolveSecret(reference, secret),
    proveSink: (delivery, owner) => proveSink(delivery, owner, secret),
    deliver: (delivery, issued) => deliverToSink(delivery, issued, secret),
    generatePassword,
    passwordLengths: stations.product.passwordLengths,
    clock: surroundings.clock,
    onProgress,
    onMoved,
  };
}
