/** The fields that an object is to have another value in. */
export function changedOf<T extends { readonly id: string }>(before: T, after: T): Partial<Omit<T, "id">> {
  const changed = Object.entries(after).filter(([field, value]) => before[field as keyof T] !== value);
  // Proof: the entries are a subset of T's own, and the id never differs between two versions of one object.
  return Object.fromEntries(changed) as Partial<Omit<T, "id">>;
}
