import type { Note } from "./settling.ts";

/** What is said of a reference that leads nowhere: a directory may bring it yet, anything else is a mistake. */
export function missing(
  what: string,
  where: { readonly live: boolean; readonly directory: boolean },
): Pick<Note, "severity" | "code" | "message"> {
  if (where.live) {
    const message = `${what} is not declared and prune would delete it: declare it, put it out of scope, or drop the reference`;
    return { severity: "error", code: "reference-unmanaged", message };
  }
  if (where.directory) {
    const message = `${what} is not there yet: its directory has not brought it; what depends on it waits`;
    return { severity: "warning", code: "directory-object-missing", message };
  }
  return {
    severity: "error",
    code: "reference-unknown",
    message: `${what} is neither declared nor on the server: declare it, or correct the name`,
  };
}
