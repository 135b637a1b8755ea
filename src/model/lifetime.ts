/** How long a secret lives, and how long before its end the next one is made; both in seconds. */
export interface Lifetime {
  readonly seconds: number;
  readonly renewBeforeSeconds: number;
}

/**
 * A token whose secret is not delivered yet lives that long: its expiry on the server says so to the next pass, which
 * then makes a new one. Whatever ends sooner than this is of no use to anybody for long.
 */
export const deliverySeconds = 3600;

const units = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "m"],
  [1, "s"],
] as const;

/** As manifests write it, in the largest unit that fits: `90d`. */
export function wordSeconds(seconds: number): string {
  const [size, unit] = units.find(([each]) => seconds % each === 0) ?? [1, "s"];
  return `${seconds / size}${unit}`;
}
