import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Beyond 24 days a timer of Node fires at once. */
const maximumMs = 7 * 86_400_000;

/** `30s`, `5m`, `1h`, `1d`: one number and one unit, from a second to a week. */
export function parseDurationMs(text: string): Parsed<number> {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) return unparsed("is not a duration: a number and a unit, as 30s, 5m, 1h");
  return ms >= 1000 && ms <= maximumMs ? parsed(ms) : unparsed("is not between 1s and 7d");
}

const longestSeconds = 3650 * 86_400;

/** How far ahead an expiry may lie: `12h`, `90d`, up to ten years. */
export function parseSpanSeconds(text: string): Parsed<number> {
  const [, count, unit = ""] = /^(\d{1,5})([hd])$/u.exec(text) ?? [];
  const seconds = (Number(count) * (unitsMs[unit] ?? Number.NaN)) / 1000;
  if (Number.isNaN(seconds)) return unparsed("is not a number of days or hours, as 90d or 12h");
  return seconds > 0 && seconds <= longestSeconds ? parsed(seconds) : unparsed("is not between 1h and 3650d");
}
