// In: a UserCfg. Out: the file's text, byte for byte as the server writes it. Must not know: files, the API.

import { compareText, sortedBy, sortedSet } from "../support/compare.ts";
import type { AclPath, Subject, SubjectKey, UserId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { encodeText, formatCount, isFilled } from "./text.ts";
import type { CfgGrants, CfgUser, UserCfg } from "./user-cfg.ts";

/**
 * Each section sorted, one empty line between two, whether there is something in them or not. The text holds one
 * character a byte (write the file as latin1). What the next reading ignores is written all the same: the roles and
 * tokens that `acl` still names, blanks around a comment, an expiry beyond all numbers.
 */
export function writeUserCfg(cfg: UserCfg): string {
  return [
    byKey(cfg.users).flatMap(([id, user]) => userLines(id, user)),
    [""],
    byKey(cfg.groups).map(([id, { members, comment }]) =>
      line("group", id, list(members), encodeText(comment)),
    ),
    [""],
    byKey(cfg.pools).map(([id, { comment, vms, storages }]) =>
      line("pool", id, encodeText(comment), list([...vms].map(formatCount)), list(storages)),
    ),
    [""],
    byKey(cfg.roles).map(([id, privileges]) => line("role", id, list(privileges))),
    [""],
    [...cfg.acl].sort(([a], [b]) => compareTreeOrder(a, b)).flatMap(([path, node]) => aclLines(path, node)),
  ]
    .flat()
    .map((text) => `${text}\n`)
    .join("");
}

function line(...fields: readonly string[]): string {
  return `${fields.join(":")}:`;
}

function list(words: Iterable<string>): string {
  return sortedSet(words).join(",");
}

function byKey<K extends string, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return sortedBy(map, ([key]) => key);
}

function userLines(id: UserId, user: CfgUser): string[] {
  const { firstName, lastName, email, comment, keys } = user;
  const texts = [
    encodeText(firstName),
    encodeText(lastName),
    verbatim(email),
    encodeText(comment),
    verbatim(keys),
  ];
  return [
    line("user", id, flag(user.enabled), formatCount(user.expire), ...texts),
    ...byKey(user.tokens).map(([token, { expire, privilegeSeparation, comment: note }]) =>
      line("token", token, formatCount(expire), flag(privilegeSeparation), encodeText(note)),
    ),
  ];
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}

function verbatim(text: string | undefined): string {
  return isFilled(text) ? text : "";
}

/** A path stands before what is below it, and that before its next sibling: segments are compared, not whole texts. */
function compareTreeOrder(a: AclPath, b: AclPath): number {
  return compareText(a.replaceAll("/", "\0"), b.replaceAll("/", "\0"));
}

/** Subjects that have the same roles with the same propagate share a line; those that do not propagate come first. */
function aclLines(path: AclPath, node: ReadonlyMap<SubjectKey, CfgGrants>): string[] {
  // No entry of root@pam is ever written: it may do everything as it is.
  const grants = [...node.values()].filter(({ subject }) => subject.id !== pve.superuser);
  return [false, true].flatMap((propagate) => {
    return byKey(subjectsByRoles(grants, propagate)).map(([roles, subjects]) =>
      line("acl", flag(propagate), path, list(subjects), roles),
    );
  });
}

function subjectsByRoles(grants: readonly CfgGrants[], propagate: boolean): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { subject, roles } of grants) {
    const roleList = list(rolesWith(roles, propagate));
    if (roleList !== "") lines.set(roleList, [...(lines.get(roleList) ?? []), subjectText(subject)]);
  }
  return lines;
}

function rolesWith(roles: CfgGrants["roles"], propagate: boolean): string[] {
  return [...roles].filter(([, propagates]) => propagates === propagate).map(([role]) => role);
}

function subjectText(subject: Subject): string {
  return subject.kind === "group" ? `@${subject.id}` : subject.id;
}
