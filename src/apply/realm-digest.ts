// The server takes a change to a realm only with the digest of its file. That is read right before, together with the
// realm itself: the digest then says that nobody else has changed what the plan was made on.

import type { RealmOptions } from "../model/access-state.ts";
import type { Write } from "../plan/plan.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { AuditRequest } from "./audit.ts";
import type { Doors } from "./doors.ts";
import { failed, isOver, wordsOf, type Result } from "./result.ts";

type Parameters = AuditRequest["parameters"];

/** A read that a write waits for is always finished. */
const uninterrupted = new AbortController().signal;

/** What is sent beside, or why nothing may be. */
export async function digestFor(
  write: Write,
  { readRealm }: Pick<Doors, "readRealm">,
): Promise<
  { readonly ok: true; readonly parameters: Parameters } | { readonly ok: false; readonly result: Result }
> {
  if (write.kind !== "update-realm") return { ok: true, parameters: {} };
  const refuse = (result: Result) => ({ ok: false, result }) as const;
  try {
    const found = await readRealm(write, uninterrupted);
    if (found === undefined) return refuse(failed(`realm ${write.id} can't be read any more: plan again`));
    // As it is to be: this very write may have come through before, without its answer.
    if (isSame(found.options, write.expected) || isSame(found.options, optionsAfter(write)))
      return { ok: true, parameters: { digest: found.digest } };
    return refuse(failed(`somebody else changed realm ${write.id} since the plan was made: plan again`));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refuse({ kind: "failed", error: wordsOf(error), ends: isOver(error) });
  }
}

function optionsAfter({ expected, set, remove }: Extract<Write, { kind: "update-realm" }>): RealmOptions {
  const all = Object.entries({ ...expected, ...set });
  return Object.fromEntries(
    all.filter(([name]) => !remove.includes(name) && name !== "comment" && name !== "default"),
  );
}

function isSame(one: RealmOptions, other: RealmOptions): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
