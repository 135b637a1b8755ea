// Names for manifests whose objects have none: entries and memberships. Lower case, digits and hyphens, as Kubernetes and
// the tools around it take them, whatever a role or a path is called.

import { digestOf } from "../support/digest.ts";
import { groupBy } from "../support/group-by.ts";

const longest = 63;
const digestLength = 8;

/** The words of the texts, joined; may be empty. */
export function slugOf(texts: readonly string[]): string {
  return texts
    .map((text) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9]+/gu, "-")
        .replace(/^-+|-+$/gu, ""),
    )
    .filter((slug) => slug !== "")
    .join("-");
}

/** A name that is wanted, and what is named by it: unlike that of any other. */
interface Wanted {
  readonly name: string;
  readonly id: string;
}

/**
 * In the same order. One that is too long, empty or wanted twice ends in a digest of what it names: so a name does not
 * depend on the order in which objects are listed, and each of two like ones keeps its own.
 */
export function uniqueNames(wanted: readonly Wanted[]): readonly string[] {
  const alike = groupBy(wanted, ({ name }) => name);
  return wanted.map(({ name, id }) => {
    const isFine = name !== "" && name.length <= longest && alike.get(name)?.length === 1;
    if (isFine) return name;
    const beginning = name.slice(0, longest - digestLength - 1).replace(/-+$/u, "");
    return [...(beginning === "" ? [] : [beginning]), digestOf(id).slice(0, digestLength)].join("-");
  });
}
