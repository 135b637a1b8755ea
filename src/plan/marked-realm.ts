import type { AccessState, Realm } from "../model/access-state.ts";

type Realms = Pick<AccessState, "realms">;

/** The realm that gets the mark of the default, and so takes it from another one. */
export function markedRealm({
  before,
  after,
}: {
  readonly before: Realms;
  readonly after: Realms;
}): Realm | undefined {
  return [...after.realms.values()].find(
    ({ id, isDefault }) => isDefault === true && before.realms.get(id)?.isDefault !== true,
  );
}
