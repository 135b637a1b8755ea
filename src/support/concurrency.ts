/** Maps with at most `limit` at work at a time; results in the order of the values. The first failure ends it. */
export async function mapBounded<T, R>(
  values: readonly T[],
  limit: number,
  map: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array<R>(values.length);
  const open = [...values.entries()].reverse();
  const work = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) results[next[0]] = await map(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(limit, values.length) }, work));
  return results;
}
