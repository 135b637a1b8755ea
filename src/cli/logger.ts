// The one door of winston.

import { createLogger, format, transports } from "winston";
import type { Logger } from "../support/logger.ts";
import { printable } from "../support/printable.ts";
import { logLevels, type LogLevel } from "./options.ts";
import type { Process } from "./process.ts";

/** Logs go to standard error; JSON unless that is a terminal. */
export function loggerFor(process: Process, level: LogLevel, wanted: "text" | "json" | undefined): Logger {
  const enabled = new Set<LogLevel>(logLevels.slice(0, logLevels.indexOf(level) + 1));
  let opened: Logger | undefined;
  const at =
    (one: LogLevel): Logger[LogLevel] =>
    (message, fields) => {
      if (!enabled.has(one)) return;
      opened ??= openLogger(process, level, wanted);
      opened[one](message, fields);
    };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** Loading it takes longer than planning; most runs have nothing to log. */
function openLogger({ stderr }: Process, level: LogLevel, wanted: "text" | "json" | undefined): Logger {
  const style = wanted ?? (stderr.isTTY === true ? "text" : "json");
  const line =
    style === "json" ? format.combine(format.timestamp(), format.json()) : format.printf(wordEntry);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston declares its own transports by interface
  return createLogger({ level, format: line, transports: [new transports.Stream({ stream: stderr })] });
}

function wordEntry({ level, message, ...fields }: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return printable([`${String(level)}:`, String(message), ...pairs].join(" "));
}
