import { sortedSet } from "../support/compare.ts";
import { nearest } from "../support/suggest.ts";
import type { Note } from "./settling.ts";

/** Where something was looked for that a manifest refers to. */
interface Sought {
  readonly live: boolean;
  readonly directory: boolean;
  /** Its name, and those that it could be a slip for. */
  readonly name?: string;
  readonly among?: readonly ReadonlyMap<string, unknown>[];
}

/** What is said of a reference that leads nowhere: a directory may bring it yet, anything else is a mistake. */
export function missing(what: string, where: Sought): Pick<Note, "severity" | "code" | "message"> {
  if (where.live) {
    const message = `${what} is not declared and prune would delete it: declare it, put it out of scope, or drop the reference`;
    return { severity: "error", code: "reference-unmanaged", message };
  }
  if (where.directory) {
    const message = `${what} is not there yet: its directory has not brought it; what depends on it waits`;
    return { severity: "warning", code: "directory-object-missing", message };
  }
  const near = nearOf(where);
  return {
    severity: "error",
    code: "reference-unknown",
    message:
      `${what} is neither declared nor on the server: declare it, or correct the name` +
      (near === undefined ? "" : ` (did you mean ${near}?)`),
  };
}

/** Among more names than this a look for a slip would take longer than the plan. */
const mostNames = 2_000;

function nearOf({ name, among = [] }: Sought): string | undefined {
  const names = sortedSet(among.flatMap((map) => [...map.keys()]));
  return name === undefined || names.length > mostNames ? undefined : nearest(name, names);
}
