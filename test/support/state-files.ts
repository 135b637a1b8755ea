// In: an access state. Out: the files that a server in that state has. Must not know: what a test asks.

import type { AccessState, Realm, RealmOptions } from "../../src/model/access-state.ts";
import { ownerOf, subjectKey } from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";
import { wordSetting } from "../../src/model/realm-scalars.ts";
import { writeJobs } from "../../src/simulator/files/jobs.ts";

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

/** What a realm of type ldap can't be without is made up where it is not said. */
export function domainsCfgOf({ realms }: AccessState): string {
  return [...realms.values()].map(sectionOf).join("");
}

const made: Readonly<Record<string, RealmOptions>> = {
  ldap: { base_dn: "dc=example", server1: "ldap.example", user_attr: "uid" },
};

function sectionOf({ id, type, comment, isDefault, options = {} }: Realm): string {
  const all = {
    ...made[type],
    ...options,
    ...(comment !== "" && { comment }),
    ...(isDefault && { default: true }),
  };
  const lines = Object.entries(all).map(([name, value]) => {
    const text = wordSetting(value);
    // The key, which a state never has.
    return `\t${name} ${text.includes("type=yubico") ? `${text},key=c3RvcmVk` : text}\n`;
  });
  // A built-in one that nobody gave anything is in no file.
  return lines.length === 0 ? "" : `${type}: ${id}\n${lines.join("")}\n`;
}

export function jobsCfgOf({ realms }: AccessState): string {
  const syncs = [...realms.values()].flatMap(({ id: realm, syncJobs = [] }) =>
    syncJobs.map(({ id, schedule, scope, removeVanished, enabled, enableNew, comment }) => {
      const options = Object.entries({
        realm,
        schedule,
        scope,
        comment,
        "remove-vanished": removeVanished,
        enabled: enabled ? "1" : "0",
        "enable-new": enableNew === undefined ? "" : wordSetting(enableNew),
      });
      return [id, new Map(options.filter(([, text]) => text !== ""))] as const;
    }),
  );
  return writeJobs({ syncs: new Map(syncs), others: [] });
}
