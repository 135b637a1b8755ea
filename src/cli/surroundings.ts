import type { Surroundings } from "../reconcile/open.ts";
import { systemClock } from "../support/clock.ts";
import { loggerFor } from "./logger.ts";
import type { ExecOptions, LogOptions } from "./options.ts";
import type { Process } from "./process.ts";

export function surroundingsOf(process: Process, options: LogOptions & ExecOptions): Surroundings {
  return {
    environment: process.env,
    clock: systemClock,
    random: Math.random,
    logger: loggerFor(process, options.logLevel, options.logFormat),
    allowExec: options.allowExec === true,
  };
}
