/** Where things are and how text is written: what programs need to start at all, and what holds no secret. */
const always: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_STATE_HOME",
]);

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What of the process's environment a program gets: never Rolecall's own credentials, unless the Target names them
 * (docs/decisions/026-programs.md).
 */
export function environmentFor(inheritEnv: readonly string[], environment: Variables): Variables {
  const isGiven = (name: string): boolean =>
    always.has(name) || name.startsWith("LC_") || inheritEnv.includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isGiven(name)));
}

/** Why a program may have failed, where a variable that it was to have is not there; completes a sentence. */
export function wordUnset(inheritEnv: readonly string[], environment: Variables): string {
  const unset = inheritEnv.filter((name) => !Object.hasOwn(environment, name));
  return unset.length === 0
    ? ""
    : `; of its variables (inheritEnv) ${unset.join(", ")} ${unset.length === 1 ? "is" : "are"} not set`;
}
