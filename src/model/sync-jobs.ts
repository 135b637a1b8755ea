// Jobs that fetch a realm's users by a schedule, as a manifest may say them. Source: the public API documentation of
// /cluster/jobs/realm-sync, releases 8.0 to 9.2.

import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { quoted } from "../support/printable.ts";

export const syncScopes = ["users", "groups", "both"] as const;

/** What goes with a user or a group that the directory no longer has. */
export const vanishing = ["entry", "properties", "acl"] as const;

/** Characters. */
export const jobCommentLimit = 512;

/** Whether it is a calendar event only the server knows: what can be none is found here. */
export function parseSchedule(text: string): Parsed<string> {
  const kept = text.trim().replace(/\s+/gu, " ");
  if (kept === "") return unparsed("the schedule is empty");
  return /^[\w*,./: ~-]+$/u.test(kept) && hasKnownWords(kept)
    ? parsed(kept)
    : unparsed(`${quoted(text)} is not a calendar event`);
}

const day = "(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)";
const daysOrName = new RegExp(
  `^(?:${day}(?:(?:\\.\\.|-|,)${day})*|minutely|hourly|daily|weekly|monthly|quarterly|semi-?annually|yearly|annually|utc)$`,
  "iu",
);

/** What has no digit and no star is a day, several, or the name of an event. */
function hasKnownWords(text: string): boolean {
  return text.split(" ").every((part) => /[\d*]/u.test(part) || daysOrName.test(part));
}
