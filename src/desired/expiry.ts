import type { Expiry } from "../model/access-state.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/u;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?$/u;
const secondsADay = 24 * 60 * 60;

/**
 * `never` is 0. A date is its last second, UTC: somebody who may work until Friday works on Friday. A date-time needs
 * its zone, since manifests are read on many machines.
 */
export function parseExpiry(text: string): Parsed<Expiry> {
  if (text === "never") return parsed(0);
  const instant = parseInstant(text, secondsADay - 1);
  if (instant === undefined) return unparsed("is not a date, a date-time or never");
  return instant.ok ? afterEpoch(instant.value) : instant;
}

/** `notBefore`: a date is its first second, UTC. */
export function parseBeginning(text: string): Parsed<number> {
  return parseInstant(text, 0) ?? unparsed("is not a date or a date-time");
}

/**
 * `notAfter`: a date is over with its last second, UTC. What ends on one day and what begins on the next leave no second
 * between them.
 */
export function parseEnd(text: string): Parsed<number> {
  return parseInstant(text, secondsADay) ?? unparsed("is not a date or a date-time");
}

/** Undefined where the text is neither a date, which stands for that second of its day, nor a date-time. */
function parseInstant(text: string, secondOfDay: number): Parsed<number> | undefined {
  const day = dayStart(text);
  if (day !== undefined) return parsed(day + secondOfDay);
  const [, date = "", hours, minutes, seconds = "0", zone] = instantPattern.exec(text) ?? [];
  const start = dayStart(date);
  const time = secondsInDay(Number(hours), Number(minutes), Number(seconds));
  if (start === undefined || time === undefined) return undefined;
  if (zone === undefined) return unparsed("lacks its time zone");
  const offset = offsetSeconds(zone);
  return offset === undefined ? unparsed("has no such time zone") : parsed(start + time - offset);
}

/** 0 would be never, and the server takes nothing below. */
function afterEpoch(seconds: number): Parsed<Expiry> {
  return seconds > 0 ? parsed(seconds) : unparsed("is before the year 1970");
}

/** The first second of a day that the calendar has. */
function dayStart(text: string): number | undefined {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC makes the 3rd of March of the 31st of February, and 1999 of 99.
  return new Date(ms).toISOString().startsWith(text) ? ms / 1000 : undefined;
}

function secondsInDay(hours: number, minutes: number, seconds: number): number | undefined {
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined;
  return (hours * 60 + minutes) * 60 + seconds;
}

function offsetSeconds(zone: string): number | undefined {
  if (/^[Zz]$/u.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60;
}
