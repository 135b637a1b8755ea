import type { Doors } from "../apply/doors.ts";
import { deliverToFile, proveFileSink } from "../secrets/file-sink.ts";
import { unresolved } from "../secrets/resolved.ts";
import { resolveSecret } from "../secrets/source.ts";
import type { Opened, Surroundings } from "./open.ts";

/** All through which applying a plan touches this target, its secrets and its sinks. */
export function doorsFor(
  opened: Opened,
  surroundings: Surroundings,
  { onProgress, onMoved }: Pick<Doors, "onProgress" | "onMoved">,
): Doors {
  const { connected, desired, stations } = opened;
  const { sinks } = desired.target;
  const noSink = (name: string): Promise<ReturnType<typeof unresolved>> =>
    Promise.resolve(unresolved("sink-unwritable", `the target has no sink ${name}`));
  return {
    write: connected.write,
    caller: opened.caller,
    superuser: stations.product.superuser,
    readBack: async (signal) => (await stations.readLive(connected.read, stations.product, signal)).state,
    requestFor: stations.requestFor,
    secretFor: (reference) => resolveSecret(reference, surroundings.environment),
    proveSink: (delivery) => {
      const sink = sinks.get(delivery.sink);
      return sink ? proveFileSink(sink, delivery) : noSink(delivery.sink);
    },
    deliver: (delivery, issued) => {
      const sink = sinks.get(delivery.sink);
      return sink ? deliverToFile(sink, delivery, issued) : noSink(delivery.sink);
    },
    clock: surroundings.clock,
    onProgress,
    onMoved,
  };
}
