// The server's formats of parameters, each with its own words for what is wrong.

import type { Format } from "./schema.ts";

const namePattern = /^[A-Za-z0-9._-]+$/u;
const realmSource = "[A-Za-z][A-Za-z0-9._-]+";
const userPattern = new RegExp(`^[^\\s:/]+@${realmSource}$`, "u");
const tokenPattern = new RegExp(`^[^\\s:/]+@${realmSource}!${realmSource}$`, "u");
// Letters and digits of any script count as word characters here, since the server decodes before it looks.
const word = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}+\\-~]+";
const emailPattern = new RegExp(`^${word}(?:\\.${word})*@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*$`, "u");

/** `NAME@REALM`, 3 to 64 characters. */
export const userIdFormat: Format = (value) => {
  const { length } = Array.from(value);
  if (length < 3) return `user name '${value}' is too short`;
  if (length > 64) return `user name '${value}' is too long (${length} > 64)`;
  return userPattern.test(value) ? undefined : `value '${value}' does not look like a valid user name`;
};

export const tokenIdFormat: Format = (value) =>
  tokenPattern.test(value) ? undefined : `value '${value}' does not look like a valid token ID`;

export const groupIdFormat: Format = (value) =>
  namePattern.test(value) ? undefined : `group name '${value}' contains invalid characters`;

export const roleIdFormat: Format = (value) =>
  namePattern.test(value) ? undefined : `role name '${value}' contains invalid characters`;

export const realmFormat: Format = (value) =>
  new RegExp(`^${realmSource}$`, "u").test(value) ? undefined : "value does not look like a valid realm";

export const emailFormat: Format = (value) =>
  emailPattern.test(value) ? undefined : "value does not look like a valid email address";

export const configIdFormat: Format = (value) =>
  /^[a-z][a-z0-9_-]+$/iu.test(value) ? undefined : `invalid configuration ID '${value}'`;

/** One to three levels joined by `/`. */
export const poolIdFormat: Format = (value) => {
  if (!/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/u.test(value))
    return `pool name '${value}' contains invalid characters`;
  return value.split("/").length > 3 ? `pool name '${value}' nested too deeply (max levels = 3)` : undefined;
};

export const guestIdFormat: Format = (value) =>
  /^[1-9][0-9]{2,8}$/u.test(value) ? undefined : "value does not look like a valid VM ID";

export const storageIdFormat: Format = (value) => {
  if (value.length < 2) return `storage ID '${value}' cannot be shorter than 2 characters`;
  return /^[a-z][a-z0-9_.-]*[a-z0-9]$/iu.test(value)
    ? undefined
    : `storage ID '${value}' contains illegal characters`;
};

/** The part of a token's id behind the last `!`, and what a caller's id may be. */
export const tokenNamePattern = new RegExp(`^${realmSource}$`, "u");
export const authIdPattern = new RegExp(`^[^\\s:/]+@${realmSource}(?:!${realmSource})?$`, "u");
