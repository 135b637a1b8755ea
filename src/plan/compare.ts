import type { AccessState, AclEntry } from "../model/access-state.ts";
import { subjectKey } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";

/** One text for one access state, whatever order the server listed it in: equal texts are equal states. */
export function canonicalState(state: AccessState): string {
  return JSON.stringify([
    values(state.users),
    values(state.groups),
    values(state.roles),
    values(state.tokens),
    sortedBy(state.acl.map(canonicalEntry), (entry) => entry.join("\n")),
    values(state.realms),
    values(state.pools),
  ]);
}

export function isSameState(a: AccessState, b: AccessState): boolean {
  return canonicalState(a) === canonicalState(b);
}

function canonicalEntry(entry: AclEntry): readonly string[] {
  return [entry.path, subjectKey(entry.subject), entry.role, String(entry.propagate)];
}

/** Fields by name: two stations may have written the same object in another order. */
function values(
  map: ReadonlyMap<string, { readonly id: string }>,
): readonly (readonly [string, unknown])[][] {
  return sortedBy(map.values(), ({ id }) => id).map((value) =>
    sortedBy(Object.entries(value), ([field]) => field),
  );
}
