// In: answers about access. Out: the words that text, Markdown and CSV share, not escaped yet. Must not know: who asked.

import type { Explanation } from "../access/explain.ts";
import type { LogInNow } from "../access/usable.ts";
import { wordReason } from "../access/words.ts";
import type { Privilege } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import { firstOf } from "./words.ts";

/** What the server calls everything: the privileges of its Administrator. */
export type AllPrivileges = ReadonlyMap<Privilege, unknown>;

const logInWords: Readonly<Record<LogInNow, string>> = {
  open: "can log in",
  absent: "does not exist",
  disabled: "is disabled",
  expired: "has expired",
  "no-realm": "cannot log in: its realm does not exist",
  "owner-absent": "has no owner",
  "owner-disabled": "cannot log in: its owner is disabled",
  "owner-expired": "cannot log in: its owner has expired",
};

export function wordLogIn(logIn: LogInNow): string {
  return logInWords[logIn];
}

/** Names in full, but for those who have them all. */
export function wordPrivileges(privileges: readonly Privilege[], all: AllPrivileges): string {
  if (privileges.length === 0) return "nothing";
  const isAll = privileges.length === all.size && privileges.every((name) => all.has(name));
  return isAll ? `every privilege (${all.size})` : privileges.join(", ");
}

/** Privileges that somebody has for the same reasons. */
export interface HeldTogether {
  readonly privileges: readonly Privilege[];
  readonly because: readonly string[];
}

export function heldTogether({ privileges }: Explanation): readonly HeldTogether[] {
  const rows = new Map<string, { privileges: Privilege[]; because: readonly string[] }>();
  for (const [privilege, held] of privileges) {
    const because = held.because.map(wordReason);
    getOrAdd(rows, JSON.stringify(because), () => ({ privileges: [], because })).privileges.push(privilege);
  }
  return [...rows.values()];
}

/** Why not more: what a separated token and its owner do not both have, and entries that others replace. */
export function wordRefusals({ cut, replaced }: Explanation): readonly string[] {
  const lacks = new Map<string, Privilege[]>();
  for (const { privilege, extent, lackedBy } of cut) {
    if (extent === "here") getOrAdd(lacks, lackedBy, () => []).push(privilege);
  }
  return [
    ...[...lacks].map(([id, privileges]) => `cut: ${id} lacks ${firstFew(privileges)}`),
    ...replaced.map(
      ({ reason, by }) =>
        `does not count: ${wordReason(reason)}${by.length === 0 ? "" : `, since ${by.map(wordReason).join("; ")}`}`,
    ),
  ];
}

/** Shortened, since nobody holds these: what is held is always listed in full. */
function firstFew(privileges: readonly Privilege[]): string {
  const { shown, more } = firstOf(privileges, 6);
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
