// Whom the same entries decide about: one answer serves them all.

import { getOrAdd } from "../support/maps.ts";
import type { Holder } from "./holder.ts";
import type { Profile } from "./standing.ts";

/** Equal keys for holders of one index that have the same everywhere, which is where they share their profiles. */
export function keyHolders(): (holder: Holder) => string {
  const numbers = new Map<Profile, number>();
  const numberOf = (profile: Profile): number => getOrAdd(numbers, profile, () => numbers.size);
  return (holder) =>
    holder.kind === "parties"
      ? holder.parties
          .map(({ of, subject, profile }) => `${of}-${subject.kind}-${numberOf(profile)}`)
          .join("+")
      : holder.kind;
}
