import type { Change, FieldChange, FieldValue, GrantValue } from "../plan/plan.ts";
import type { Rotation } from "../plan/renewal.ts";
import { quoted, shortened, visible } from "./escape.ts";

/** `brief` shortens long texts; lists of what changes are never cut: a grant could hide behind the cut. */
export type Detail = "brief" | "verbose";

/** What happens to one field, in words without colour or markup. */
export interface FieldWords {
  readonly field: string;
  readonly words: string;
}

const textLimit = 200;

/** What they hold as text is said of them, not in them: `in 90d`, `new, since the last one is due`. */
const wordedFields: ReadonlySet<string> = new Set(["expire", "secret"]);

type ShownChange = Pick<Change, "action" | "fields">;

/** The fields of a change worth a line. Of a deleted object the brief form shows only the access that goes with it. */
export function wordFields(change: ShownChange, detail: Detail): FieldWords[] {
  const shown = change.fields.filter((field) => isShown(change, field, detail));
  return shown.map((field) => ({
    field: visible(field.field),
    words: wordField(change.action, field, detail),
  }));
}

function isShown(change: ShownChange, field: FieldChange, detail: Detail): boolean {
  switch (change.action) {
    case "create":
      return !isNothing(field.after);
    case "update":
      return true;
    case "delete":
      return !isNothing(field.before) && (detail === "verbose" || isList(field.before));
  }
}

function wordField(action: Change["action"], field: FieldChange, detail: Detail): string {
  const { before, after } = field;
  if (isList(before) || isList(after)) return wordLists(before, after);
  switch (action) {
    case "create":
      return wordValue(field.field, after, detail);
    case "update":
      // What a secret was is never shown, so there is only what becomes of it.
      if (before === null) return wordValue(field.field, after, detail);
      return `${wordValue(field.field, before, detail)} → ${wordValue(field.field, after, detail)}`;
    case "delete":
      return wordValue(field.field, before, detail);
  }
}

function isNothing(value: FieldValue): boolean {
  return value === null || value === "" || (isList(value) && value.length === 0);
}

function isList(value: FieldValue): value is readonly string[] | readonly GrantValue[] {
  return Array.isArray(value);
}

function wordValue(field: string, value: FieldValue, detail: Detail): string {
  if (isList(value)) return wordLists(null, value);
  if (value === null || value === "") return "none";
  if (typeof value === "string" && wordedFields.has(field)) return visible(value);
  if (typeof value === "string") return quoted(detail === "brief" ? shortened(value, textLimit) : value);
  if (field === "expire" && typeof value === "number") return wordExpiry(value);
  return String(value);
}

/** An instant in seconds, as manifests write it; 0 is never. */
export function wordExpiry(seconds: number): string {
  return seconds === 0 ? "never" : wordInstant(seconds);
}

export function wordInstant(seconds: number): string {
  const date = new Date(seconds * 1000);
  // The server stores any number of seconds; a Date ends in the year 275760.
  if (Number.isNaN(date.getTime())) return `${seconds} seconds after 1970`;
  return date.toISOString().replace(".000Z", "Z");
}

/** The secret that a token has, and when the next one is made. */
export function wordRotation({ token, expire, rotatesAt }: Rotation): string {
  return `${visible(token)}: from ${wordExpiry(rotatesAt)} on; the one before ends ${wordExpiry(expire)}`;
}

/** Members as `+new -gone ~changed`; a list that stays as it is shows only that it was emptied or declared empty. */
function wordLists(before: FieldValue, after: FieldValue): string {
  const old = membersOf(before);
  const now = membersOf(after);
  const added = [...now].filter(([name]) => !old.has(name)).map(([name, note]) => `+${name}${note}`);
  const removed = [...old].filter(([name]) => !now.has(name)).map(([name, note]) => `-${name}${note}`);
  const changed = [...now]
    .filter(([name, note]) => (old.get(name) ?? note) !== note)
    .map(([name, note]) => `~${name}${note === "" ? " (now propagated)" : " (no longer propagated)"}`);
  const words = [...added, ...removed, ...changed].join(" ");
  return words === "" ? "none" : words;
}

/** Names with what is said of them: an ACL role that does not propagate says so. */
function membersOf(value: FieldValue): Map<string, string> {
  if (!isList(value)) return new Map();
  return new Map(
    value.map((member) =>
      typeof member === "string"
        ? [visible(member), ""]
        : [visible(member.role), member.propagate ? "" : " (not propagated)"],
    ),
  );
}
