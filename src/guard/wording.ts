const nameLimit = 10;

/** The first ten, and how many more there are: a finding must stay readable on a server of thousands. */
export function wordNames(names: readonly string[], separator = ", "): string {
  const shown = names.slice(0, nameLimit).join(separator);
  const more = names.length - nameLimit;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
