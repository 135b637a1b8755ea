// In: an access state. Out: the files that a server in that state has. Must not know: what a test asks.

import type { AccessState } from "../../src/model/access-state.ts";
import { ownerOf, subjectKey } from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";

/** Of ids and comments without a special character. */
export function userCfgOf({ users, groups, roles, tokens, acl, pools }: AccessState): string {
  const who = (key: string): string => key.replace(/^group:/u, "@").replace(/^(?:user|token):/u, "");
  return [
    ...[...users.values()].flatMap((user) => [
      `user:${user.id}:${user.enabled ? 1 : 0}:${user.expire}:${user.firstName}:${user.lastName}:${user.email}:${user.comment}::`,
      ...[...tokens.values()]
        .filter(({ id }) => ownerOf(id) === user.id)
        .map(({ id, expire, privilegeSeparation, comment }) =>
          ["token", id, expire, privilegeSeparation ? 1 : 0, comment, ""].join(":"),
        ),
    ]),
    ...[...groups.values()].map(({ id, members, comment }) => `group:${id}:${members.join(",")}:${comment}:`),
    ...[...pools.values()].map(
      ({ id, members, comment }) =>
        `pool:${id}:${comment}:${members?.vms.join(",") ?? ""}:${members?.storages.join(",") ?? ""}:`,
    ),
    ...[...roles.values()]
      .filter(({ builtIn }) => !builtIn)
      .map(({ id, privileges }) => `role:${id}:${privileges.join(",")}:`),
    ...acl
      .filter(({ subject }) => subject.id !== pve.superuser)
      .map(
        ({ path, subject, role, propagate }) =>
          `acl:${propagate ? 1 : 0}:${path}:${who(subjectKey(subject))}:${role}:`,
      ),
    "",
  ].join("\n");
}

export function realmsOf({ realms }: AccessState): string {
  return [...realms.values()]
    .filter(({ type }) => type === "ldap")
    .map(({ id }) => `ldap: ${id}\n\tbase_dn dc=example\n\tserver1 ldap.example\n\tuser_attr uid\n\n`)
    .join("");
}
