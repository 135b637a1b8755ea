import type { SinkSurroundings } from "../../src/secrets/sink.ts";

/** A process without variables, in which no program may be started and nobody listens to warnings. */
export function theSurroundings(also: Partial<SinkSurroundings> = {}): SinkSurroundings {
  return {
    target: "dc1",
    environment: {},
    allowExec: false,
    logger: { warn: () => undefined },
    ...also,
  };
}
