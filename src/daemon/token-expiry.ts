/** A token that ends by itself. */
export interface TokenExpiry {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly expire: number;
}

/** As many as are worth a look, the next to end first. */
const kept = 200;

/** Of a target's tokens, those that end; 0 is never. */
export function tokensAbout(
  tokens: Iterable<{ readonly id: string; readonly expire: number }>,
): readonly TokenExpiry[] {
  return [...tokens]
    .flatMap(({ id, expire }) => (expire === 0 ? [] : [{ id, expire }]))
    .sort((a, b) => a.expire - b.expire || (a.id < b.id ? -1 : 1))
    .slice(0, kept);
}
