// What a pass needs of the process around it, where a test asks for nothing of that: nobody listens to the log.

import type { Surroundings } from "../../src/reconcile/open.ts";
import type { Logger } from "../../src/support/logger.ts";

const ignore = (): void => undefined;

export const quietLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Chance is in the middle, unless the test says otherwise. */
export function quietSurroundings(own: Pick<Surroundings, "clock"> & Partial<Surroundings>): Surroundings {
  return { environment: {}, random: () => 0.5, logger: quietLogger, allowExec: false, ...own };
}
