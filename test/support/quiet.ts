// What a pass needs of the process around it, where a test asks for nothing of that: nobody listens to the log.

import type { Surroundings } from "../../src/reconcile/open.ts";
import type { LogFields, Logger } from "../../src/support/logger.ts";

const ignore = (): void => undefined;

export const quietLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Chance is in the middle, unless the test says otherwise. */
export function quietSurroundings(own: Pick<Surroundings, "clock"> & Partial<Surroundings>): Surroundings {
  return { environment: {}, random: () => 0.5, logger: quietLogger, allowExec: false, ...own };
}

export interface HeardLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A log that is read line by line. */
export function aHeardLogger(): { readonly logger: Logger; readonly log: HeardLine[] } {
  const log: HeardLine[] = [];
  const at =
    (level: keyof Logger): Logger[keyof Logger] =>
    (message, fields) =>
      void log.push({ level, message, fields });
  return { log, logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}
