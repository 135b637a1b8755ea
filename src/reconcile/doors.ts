import type { Doors } from "../apply/doors.ts";
import { deliverToSink, proveSink } from "../secrets/sinks.ts";
import { resolveSecret } from "../secrets/source.ts";
import type { Opened, Surroundings } from "./open.ts";

/** All through which applying a plan touches this target, its secrets and its sinks. */
export function doorsFor(opened: Opened, surroundings: Surroundings, onProgress: Doors["onProgress"]): Doors {
  const { connected, stations } = opened;
  return {
    write: connected.write,
    caller: opened.caller,
    superuser: stations.product.superuser,
    readBack: async (signal) => (await stations.readLive(connected.read, stations.product, signal)).state,
    requestFor: stations.requestFor,
    secretFor: (reference) => resolveSecret(reference, surroundings.environment),
    proveSink,
    deliver: deliverToSink,
    clock: surroundings.clock,
    onProgress,
  };
}
