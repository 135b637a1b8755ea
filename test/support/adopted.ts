// In: an access state. Out: the desired state that says exactly it, authoritative for everything. Must not know: what a
// test asks.

import type { AccessState } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import { subjectKey } from "../../src/model/ids.ts";
import { aDelivery, aDesiredState } from "./desired-builders.ts";

/** The manifests that say exactly what is there, authoritative for everything; every token has a sink. */
export function adopted(state: AccessState): DesiredState {
  const source = { file: "adopted.yaml", line: 1, column: 1 };
  const declared = { ensure: "present", source } as const;
  const pairs = new Map<string, DesiredState["acl"][number]>();
  for (const { path, subject, role, propagate } of state.acl) {
    const key = `${path} ${subjectKey(subject)}`;
    const grants = [...(pairs.get(key)?.grants ?? []), { role, propagate, source }];
    pairs.set(key, { path, subject, ...declared, grants, revoked: [], outside: [], declaredBy: ["adopted"] });
  }
  return {
    ...aDesiredState({ prune: true }),
    users: new Map([...state.users].map(([id, user]) => [id, { ...user, ...declared }])),
    groups: new Map([...state.groups].map(([id, group]) => [id, { ...group, ...declared }])),
    memberships: [],
    roles: new Map(
      [...state.roles]
        .filter(([, { builtIn }]) => !builtIn)
        .map(([id, role]) => [id, { ...role, ...declared, optionalPrivileges: [], includes: [] }]),
    ),
    acl: [...pairs.values()],
    tokens: new Map(
      [...state.tokens].map(([id, token]) => [id, { ...token, ...declared, deliveries: [aDelivery(id)] }]),
    ),
  };
}
