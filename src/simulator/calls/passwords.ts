// Passwords: storing and checking them, by realm.

import { randomBytes } from "node:crypto";
import { realmOf, type UserId } from "../../model/ids.ts";
import type { Host } from "../host.ts";
import { requireLock } from "../locks.ts";
import { failure } from "../refusal.ts";
import { matchesShaCrypt, shaCrypt } from "../sha-crypt.ts";
import { isSame } from "../tickets.ts";

/** Where the realm keeps passwords itself. */
export function storePassword(host: Host, user: UserId, password: string): void {
  const realm = realmOf(user);
  const section = host.realms.read().get(realm);
  if (section === undefined || section === "broken") throw failure(`auth domain '${realm}' does not exist`);
  const name = nameOf(user);
  if (section.type === "pve") {
    requireLock(host, "priv/shadow.cfg");
    const salt = randomBytes(6).toString("base64").replaceAll("+", ".");
    const hash = shaCrypt(password, `$5$${salt}`) ?? "";
    host.passwords.write(new Map([...host.passwords.read(), [name, hash]]));
    return;
  }
  if (section.type !== "pam") throw failure(`can't set password on auth type '${section.type}'`);
  if (!host.unixAccounts.has(name)) throw failure(`change password failed: user '${name}' does not exist`);
  host.unixAccounts.set(name, password);
}

/** Whether the user exists, is enabled, has not expired, and this is the password. */
export function isAuthentic(host: Host, user: UserId, password: string): boolean {
  if (!mayLogIn(host, user)) return false;
  const section = host.realms.read().get(realmOf(user));
  if (section === undefined || section === "broken" || password === "") return false;
  const name = nameOf(user);
  if (section.type === "pve") return matchesShaCrypt(password, host.passwords.read().get(name) ?? "");
  const unixPassword = section.type === "pam" ? host.unixAccounts.get(name) : undefined;
  return unixPassword !== undefined && isSame(unixPassword, password);
}

/** The user that a login's name means: in a realm that does not tell case apart, in any spelling. */
export function lookUp(host: Host, name: string): UserId | undefined {
  const users = [...host.userCfg.read().users.keys()];
  const section = host.realms.read().get(name.slice(name.lastIndexOf("@") + 1));
  const isStrict =
    section === undefined || section === "broken" || section.options.get("case-sensitive") !== "0";
  if (isStrict) return users.find((id) => id === name);
  const matches = users.filter((id) => id.toLowerCase() === name.toLowerCase());
  return matches.length === 1 ? matches[0] : undefined;
}

/** A user that is there, enabled and not expired. */
export function mayLogIn(host: Host, user: UserId): boolean {
  const found = host.userCfg.read().users.get(user);
  if (found === undefined || !found.enabled) return false;
  return !hasExpired(host, found.expire);
}

/** 0 is never. */
export function hasExpired(host: Host, expire: number): boolean {
  return expire !== 0 && expire * 1000 < host.now();
}

function nameOf(user: UserId): string {
  return user.slice(0, user.lastIndexOf("@"));
}
