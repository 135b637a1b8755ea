/** The value at the key; made and put there where it is missing. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

export function mapValues<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V, key: K) => R): Map<K, R> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]));
}
