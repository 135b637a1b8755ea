// What a manifest can say. A server may hold more: names of older releases and of hand edits, texts that it would not take
// today. What can't be said is left out with a remark, and so left alone: an omitted field is not managed.

import type { Expiry } from "../model/access-state.ts";
import { metadataSchema } from "../schema/common.ts";
import { charactersOf, printable } from "../support/printable.ts";

/** Whether an id can stand in a manifest: the server takes other characters, and then never finds them again. */
export function isSayableId(id: string): boolean {
  return /^[\x21-\x7e]+$/u.test(id);
}

/** Whether a manifest can be called so. What begins with rolecall-tmp- is of a running apply, which removes it. */
function isNameable(id: string): boolean {
  return (
    isSayableId(id) &&
    id.length <= metadataSchema.properties.name.maxLength &&
    !id.startsWith("rolecall-tmp-")
  );
}

/** Those of the objects that a manifest can be called by, and a remark on the others. */
export function nameable<T extends { readonly id: string }>(
  what: "users" | "groups" | "roles" | "tokens" | "pools" | "realms",
  owned: readonly T[],
  isOurs: (object: T) => boolean = () => true,
): { readonly named: readonly T[]; readonly remarks: readonly string[] } {
  const isNamed = (object: T): boolean => isNameable(object.id) && isOurs(object);
  const others = owned.filter((object) => !isNamed(object)).map(({ id }) => id);
  return { named: owned.filter(isNamed), remarks: remarkUnnameable(what, others, `scope.${what}.exclude`) };
}

/** Fields that a manifest can say, and a remark on each that it can't. */
export interface Said<Fields> {
  readonly fields: Fields;
  readonly remarks: readonly string[];
}

/** The text in its field; an empty one is the default, and left out. Without a limit any length will do. */
export function sayText<Field extends string>(
  field: Field,
  text: string,
  isKept: (text: string) => boolean = () => true,
  limit = Number.POSITIVE_INFINITY,
): Said<Partial<Record<Field, string>>> {
  if (text === "") return said({});
  const isSayable =
    text === text.replace(/^ +| +$/gu, "") &&
    text !== "0" &&
    charactersOf(text).length <= limit &&
    isKept(text);
  // Proof: the one key is the field.
  if (isSayable) return said({ [field]: text } as Partial<Record<Field, string>>);
  return {
    fields: {},
    remarks: [`${field} is left alone: the server would not take the text again that it has there`],
  };
}

/** Its end as the shortest text for it; one beyond the year 9999 has none. */
export function sayExpiry(
  expire: Expiry,
): Said<{ readonly expire?: string; readonly unmanaged?: ["expire"] }> {
  if (expire === 0) return said({ expire: "never" });
  if (expire > lastSecond)
    return {
      fields: { unmanaged: ["expire"] },
      remarks: [`expire is left alone: it is ${expire} seconds after 1970, beyond any date`],
    };
  const text = new Date(expire * 1000).toISOString();
  const isEndOfDay = text.endsWith("T23:59:59.000Z");
  return said({ expire: isEndOfDay ? text.slice(0, 10) : text.replace(".000Z", "Z") });
}

/** 9999-12-31T23:59:59Z */
const lastSecond = 253_402_300_799;

function said<Fields>(fields: Fields): Said<Fields> {
  return { fields, remarks: [] };
}

/** Objects that no manifest can name, as a remark that says what to do before prune is on; none where there are none. */
export function remarkUnnameable(what: string, ids: readonly string[], scope: string): readonly string[] {
  if (ids.length === 0) return [];
  return [
    `No manifest can name these ${what}; keep them out of scope (${scope}) before prune is on:`,
    ...ids.map((id) => `  ${printable(id)}`),
  ];
}
