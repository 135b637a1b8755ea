/**
 * How long to wait before another attempt, the first being number 0: twice as long each time, up to a limit, and of
 * that at least half, so that many who failed together don't come back together. `random` gives 0 to 1.
 */
export function backoffMs(
  attempt: number,
  limits: { readonly firstMs: number; readonly longestMs: number },
  random: () => number,
): number {
  const ceiling = Math.min(limits.longestMs, limits.firstMs * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random() / 2));
}
