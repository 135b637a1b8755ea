/** What the system or a library calls an error: `ENOENT`. By its shape, since an error may come from another realm. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "name" in error && typeof error.name === "string" ? error.name : "unknown";
}

/** What an error says, or whatever was thrown in place of one. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For a log of bugs: where it was thrown, or what it says. */
export function errorTrace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
