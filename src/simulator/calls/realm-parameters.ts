// The parameters of /access/domains: every option of every type of realm, since the API takes them all alike.

import { isIP } from "node:net";
import { configIdFormat, realmFormat } from "../parameters/formats.ts";
import { propertyFormat } from "../parameters/property-string.ts";
import type { Format, ParameterSchema, ParameterTable } from "../parameters/schema.ts";

const flag: ParameterSchema = { type: "boolean", optional: true };
const text = (maximumLength?: number): ParameterSchema => ({
  type: "string",
  optional: true,
  ...(maximumLength !== undefined && { maximumLength }),
});

const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/u;
const address: Format = (value) =>
  isIP(value) !== 0 || hostPattern.test(value)
    ? undefined
    : `value does not look like a valid address: ${value}`;
const server: ParameterSchema = { ...text(256), format: address };

const attributeFormat: Format = (value) =>
  /^[a-zA-Z0-9]+$/u.test(value)
    ? undefined
    : `value '${value}' does not look like a simple ldap attribute name`;

const removeVanished = /^(?:(?:(?:acl|properties|entry);)*(?:acl|properties|entry)|none)$/u;

export const syncDefaults: ParameterTable = {
  "enable-new": flag,
  full: flag,
  purge: flag,
  "remove-vanished": { ...text(), pattern: removeVanished },
  scope: { ...text(), values: ["users", "groups", "both"] },
};

const secondFactor: ParameterTable = {
  digits: { type: "integer", optional: true, minimum: 6, maximum: 8 },
  id: text(),
  key: text(),
  step: { type: "integer", optional: true, minimum: 10 },
  type: { type: "string", values: ["yubico", "oath"] },
  url: text(),
};

// Printable, but for blanks and `"#<>`.
const claim: ParameterSchema = { ...text(), pattern: /^[!$-;=?-~\u0080-\u{10ffff}]*$/u };

export const realmParameter: ParameterSchema = { type: "string", format: realmFormat, maximumLength: 32 };

/** Before 8.0. */
export const distinguishedName =
  /^\w+=(?:"[\w ,+/<>;=]+"|[^ ,+"/<>;=]+)(?:,\s*\w+=(?:"[\w ,+/<>;=]+"|[^ ,+"/<>;=]+))*$/u;

const directoryOptions: ParameterTable = {
  base_dn: text(256),
  bind_dn: text(256),
  capath: text(),
  "case-sensitive": flag,
  cert: text(),
  certkey: text(),
  domain: { ...text(256), pattern: /^\S+$/u },
  filter: text(2048),
  group_classes: { ...text(), format: attributeFormat, list: true },
  group_dn: text(256),
  group_filter: text(2048),
  group_name_attr: { ...text(256), format: attributeFormat },
  mode: { ...text(), values: ["ldap", "ldaps", "ldap+starttls"] },
  port: { type: "integer", optional: true, minimum: 1, maximum: 65535 },
  secure: flag,
  server1: server,
  server2: server,
  sslversion: { ...text(), values: ["tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3"] },
  "sync-defaults-options": { ...text(), format: propertyFormat("sync-defaults-options", syncDefaults) },
  sync_attributes: { ...text(), pattern: /^\w+=[^,]+(?:,\s*\w+=[^,]+)*$/u },
  user_attr: { ...text(256), pattern: /^\S{2,}$/u },
  user_classes: { ...text(), format: attributeFormat, list: true },
  verify: flag,
};

const openidOptions: ParameterTable = {
  "acr-values": claim,
  audiences: claim,
  autocreate: flag,
  "client-id": text(256),
  "client-key": text(256),
  "groups-autocreate": flag,
  "groups-claim": { ...text(256), pattern: /^[A-Za-z0-9._-]+$/u },
  "groups-overwrite": flag,
  "issuer-url": text(256),
  prompt: { ...text(), pattern: /^\S+$/u },
  "query-userinfo": flag,
  scopes: text(),
};

/** What is stored of a realm, by its name in the file. */
export const storedOptions: ParameterTable = {
  ...directoryOptions,
  ...openidOptions,
  comment: text(4096),
  default: flag,
  tfa: { ...text(128), format: propertyFormat("tfa", secondFactor) },
  "username-claim": text(),
};

const { "username-claim": usernameClaim = text(), ...changeable } = storedOptions;
const both: ParameterTable = {
  ...changeable,
  "check-connection": flag,
  password: text(),
  realm: realmParameter,
};

export const createParameters: ParameterTable = {
  ...both,
  type: { type: "string", values: ["ad", "ldap", "openid", "pam", "pve"] },
  "username-claim": usernameClaim,
};

export const updateParameters: ParameterTable = {
  ...both,
  delete: { ...text(4096), format: configIdFormat, list: true },
  digest: text(64),
};

export const syncParameters: ParameterTable = {
  ...syncDefaults,
  "dry-run": flag,
  realm: realmParameter,
};
