import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

const unitsSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Beyond 24 days a timer of Node fires at once. */
const maximumMs = 7 * 86_400_000;

/** `30s`, `5m`, `1h`, `1d`: one number and one unit, from a second to a week. */
export function parseDurationMs(text: string): Parsed<number> {
  const seconds = parseSeconds(text);
  if (!seconds.ok) return seconds;
  const ms = seconds.value * 1000;
  return ms >= 1000 && ms <= maximumMs ? parsed(ms) : unparsed("is not between 1s and 7d");
}

/** As above, of any length. */
export function parseSeconds(text: string): Parsed<number> {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const seconds = Number(count) * (unitsSeconds[unit] ?? Number.NaN);
  return Number.isNaN(seconds)
    ? unparsed("is not a duration: a number and a unit, as 30s, 5m, 1h, 90d")
    : parsed(seconds);
}

const longestSeconds = 3650 * 86_400;

/** How far ahead an expiry may lie: `12h`, `90d`, up to ten years. */
export function parseSpanSeconds(text: string): Parsed<number> {
  const seconds = /^\d{1,5}[hd]$/u.test(text) ? parseSeconds(text) : undefined;
  if (!seconds?.ok) return unparsed("is not a number of days or hours, as 90d or 12h");
  const { value } = seconds;
  return value > 0 && value <= longestSeconds ? seconds : unparsed("is not between 1h and 3650d");
}
