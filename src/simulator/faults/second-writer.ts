// Somebody else at the same server: one small change of what is there, chosen by a seed.

import { subjectKey, type AclPath, type RoleId, type UserId } from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import type { CfgUser, UserCfg } from "../../usercfg/user-cfg.ts";
import { withEntry, withoutSubject } from "../calls/acl-edit.ts";
import { withoutMember } from "../calls/membership.ts";
import type { Host } from "../host.ts";
import { chanceFrom } from "./chance.ts";

type Change = (host: Host, seed: string) => void;

/**
 * Of users without tokens only, and never of the superuser: whoever applies with a token is not locked out, which is
 * another story.
 */
export function changeSomething(host: Host, seed: string): void {
  pick(changes, `${seed} change`)?.(host, seed);
}

const changes: readonly Change[] = [
  ...[hireSomebody, commentOnUser, takeOutOfGroup, grantToUser, dismissSomebody].map(
    (change): Change =>
      (host, seed) =>
        host.userCfg.write(change(host.userCfg.read(), seed)),
  ),
  commentOnRealm,
];

/** A file with a broken section is written by nobody. */
function commentOnRealm({ realms }: Host, seed: string): void {
  const all = realms.read();
  const sound = [...all].flatMap(([id, section]) => (section === "broken" ? [] : [[id, section] as const]));
  const [id, section] = pick(sound, `${seed} realm`) ?? [];
  if (id === undefined || section === undefined || sound.length < all.size) return;
  const options = new Map([...section.options, ["comment", "changed by hand"]]);
  realms.write(new Map([...sound, [id, { ...section, options }]]));
}

function hireSomebody(cfg: UserCfg, seed: string): UserCfg {
  // Proof: it has the form of a user's id.
  const id = `somebody-${Math.floor(chanceFrom(`${seed} name`) * 1000)}@pve` as UserId;
  if (cfg.users.has(id)) return cfg;
  const user = { enabled: true, expire: 0, tokens: new Map(), groups: new Set<never>() };
  return { ...cfg, users: new Map([...cfg.users, [id, user]]) };
}

function commentOnUser(cfg: UserCfg, seed: string): UserCfg {
  const [id, user] = pick(plainUsers(cfg), `${seed} user`) ?? [];
  if (id === undefined || user === undefined) return cfg;
  return { ...cfg, users: new Map([...cfg.users, [id, { ...user, comment: "changed by hand" }]]) };
}

function takeOutOfGroup(cfg: UserCfg, seed: string): UserCfg {
  const [id, group] = pick([...cfg.groups], `${seed} group`) ?? [];
  if (id === undefined || group === undefined) return cfg;
  const members = new Set([...group.members].slice(1));
  return { ...cfg, groups: new Map([...cfg.groups, [id, { ...group, members }]]) };
}

function grantToUser(cfg: UserCfg, seed: string): UserCfg {
  const [id] = pick(plainUsers(cfg), `${seed} user`) ?? [];
  if (id === undefined) return cfg;
  // Proof: a path and a role that every release has.
  const place = {
    path: "/vms" as AclPath,
    subject: { kind: "user", id },
    role: "PVEAuditor" as RoleId,
  } as const;
  return { ...cfg, acl: withEntry(cfg.acl, place, true) };
}

/** With what names the user, as the server does it. */
function dismissSomebody(cfg: UserCfg, seed: string): UserCfg {
  const [id] = pick(plainUsers(cfg), `${seed} user`) ?? [];
  if (id === undefined) return cfg;
  return {
    ...cfg,
    users: new Map([...cfg.users].filter(([other]) => other !== id)),
    groups: withoutMember(cfg, id),
    acl: withoutSubject(cfg.acl, subjectKey({ kind: "user", id })),
  };
}

function plainUsers(cfg: UserCfg): [UserId, CfgUser][] {
  return [...cfg.users].filter(([id, { tokens }]) => id !== pve.superuser && tokens.size === 0);
}

function pick<T>(values: readonly T[], seed: string): T | undefined {
  return values[Math.floor(chanceFrom(seed) * values.length)];
}
