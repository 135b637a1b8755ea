// Realms of Proxmox VE: libpve-access-control 9.1.1 (recordings in test/contract, scenario domains), and the API schemas
// of 7.4, 8.4 and 9.2 for what is older.

import type { OptionForm, RealmOption, RealmRules, RealmSecret, TextShape } from "./realm-rules.ts";

const builtIn = ["pam", "pve"];
const directory = ["ldap", "ad"];
const openid = ["openid"];

function matches(pattern: RegExp, says: string): TextShape {
  return { fits: (text) => pattern.test(text), says };
}

const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const address: TextShape = {
  fits: (text) => new RegExp(`^(?:${label}\\.)*${label}$`, "u").test(text) || isIpv6(text),
  says: "a host name or an IP address",
};

/** Whatever URL takes as one, but for zones and brackets. */
function isIpv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]+$/u.test(text) && text.includes(":") && URL.canParse(`http://[${text}]/`);
}

const attribute = matches(/^[A-Za-z0-9]+$/u, "the name of an LDAP attribute: letters and digits");
const claims = matches(/^[!$-;=?-~\u0080-\u{10ffff}]*$/u, 'a text without blanks and without any of < > # "');
const oneWord = matches(/^\S+$/u, "one word without blanks");
const oneProperty = matches(/^[^\s,]+$/u, "one word without blanks and commas");
const distinguishedName = matches(
  /^\w+=(?:"[\w ,+/<>;=]+"|[^ ,+"/<>;=]+)(?:,\s*\w+=(?:"[\w ,+/<>;=]+"|[^ ,+"/<>;=]+))*$/u,
  "a distinguished name as dc=example,dc=com",
);

const flag: OptionForm = { kind: "flag" };
const longName: OptionForm = { kind: "text", maximum: 256 };
const server: OptionForm = { kind: "text", maximum: 256, shape: address };
const filter: OptionForm = { kind: "text", maximum: 2048 };
const anyText: OptionForm = { kind: "text" };

function ofDirectory(form: OptionForm, more: Omit<Partial<RealmOption>, "form"> = {}): RealmOption {
  return { types: directory, form, ...more };
}

function ofOpenid(form: OptionForm, more: Omit<Partial<RealmOption>, "form"> = {}): RealmOption {
  return { types: openid, form, ...more };
}

const name: Pick<RealmOption, "earlier"> = { earlier: { until: [8], shape: distinguishedName } };

const options: Readonly<Record<string, RealmOption>> = {
  "acr-values": ofOpenid({ kind: "text", shape: claims }),
  audiences: ofOpenid({ kind: "text", shape: claims }, { since: [9, 2] }),
  autocreate: ofOpenid(flag, { otherwise: false }),
  base_dn: ofDirectory(longName, { requiredBy: ["ldap"], ...name }),
  bind_dn: ofDirectory(longName, name),
  capath: ofDirectory(anyText),
  "case-sensitive": ofDirectory(flag, { otherwise: true }),
  cert: ofDirectory(anyText),
  certkey: ofDirectory(anyText),
  "client-id": ofOpenid(longName, { requiredBy: openid }),
  domain: { types: ["ad"], requiredBy: ["ad"], form: { kind: "text", maximum: 256, shape: oneWord } },
  filter: ofDirectory(filter),
  group_classes: ofDirectory({ kind: "list", member: attribute }),
  group_dn: ofDirectory(longName, name),
  group_filter: ofDirectory(filter),
  group_name_attr: ofDirectory({ kind: "text", maximum: 256, shape: attribute }),
  "groups-autocreate": ofOpenid(flag, { otherwise: false, since: [8, 4] }),
  "groups-claim": ofOpenid(
    {
      kind: "text",
      maximum: 256,
      shape: matches(/^[A-Za-z0-9._-]+$/u, "a text of letters, digits, `.`, `_` and `-`"),
    },
    { since: [8, 4] },
  ),
  "groups-overwrite": ofOpenid(flag, { otherwise: false, since: [8, 4] }),
  "issuer-url": ofOpenid(longName, { requiredBy: openid }),
  mode: ofDirectory({ kind: "choice", values: ["ldap", "ldaps", "ldap+starttls"] }, { otherwise: "ldap" }),
  port: ofDirectory({ kind: "integer", minimum: 1, maximum: 65535 }),
  prompt: ofOpenid({ kind: "text", shape: oneWord }),
  "query-userinfo": ofOpenid(flag, { otherwise: true, since: [8, 4] }),
  scopes: ofOpenid(anyText, { otherwise: "email profile" }),
  secure: ofDirectory(flag),
  server1: ofDirectory(server, { requiredBy: directory }),
  server2: ofDirectory(server),
  sslversion: ofDirectory({ kind: "choice", values: ["tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3"] }),
  "sync-defaults-options": ofDirectory({
    kind: "properties",
    properties: {
      "enable-new": { kind: "flag" },
      "remove-vanished": { kind: "set", values: ["entry", "properties", "acl"] },
      scope: { kind: "choice", values: ["users", "groups", "both"] },
    },
  }),
  sync_attributes: ofDirectory({ kind: "pairs" }),
  tfa: {
    types: [...builtIn, ...directory],
    form: {
      kind: "properties",
      maximum: 128,
      properties: {
        type: { kind: "choice", values: ["oath", "yubico"] },
        digits: { kind: "integer", minimum: 6, maximum: 8 },
        step: { kind: "integer", minimum: 10, maximum: 999_999 },
        id: { kind: "text", shape: oneProperty },
        url: {
          kind: "text",
          shape: matches(/^https?:\/\/[^\s,]+$/u, "an address as https://verify.example"),
        },
      },
      required: "type",
      variants: {
        oath: { takes: ["digits", "step"], needs: [] },
        yubico: { takes: ["id", "url"], needs: ["id"] },
      },
    },
  },
  user_attr: ofDirectory(
    {
      kind: "text",
      maximum: 256,
      shape: matches(/^\S{2,}$/u, "a text of two characters or more, without blanks"),
    },
    { requiredBy: ["ldap"] },
  ),
  user_classes: ofDirectory({ kind: "list", member: attribute }),
  "username-claim": ofOpenid(anyText, { fixed: true }),
  verify: ofDirectory(flag, { otherwise: false }),
};

export const pveRealms: RealmRules = {
  types: [...directory, ...openid, ...builtIn],
  creatable: [...directory, ...openid],
  synchronised: directory,
  options: new Map(Object.entries(options)),
  secrets: new Map([
    ["pam", ["tfa-key"]],
    ["pve", ["tfa-key"]],
    ["ldap", ["password", "tfa-key"]],
    ["ad", ["password", "tfa-key"]],
    ["openid", ["client-key"]],
  ]),
  secretSettings: new Map<string, RealmSecret>([
    ["password", { of: "bind_dn" }],
    ["client-key", { of: "client-id" }],
    ["tfa-key", { of: "tfa", within: { property: "key", where: "type=yubico" } }],
  ]),
  builtInComments: new Map([
    ["pam", "Linux PAM standard authentication"],
    ["pve", "Proxmox VE authentication server"],
  ]),
  commentLimit: 4096,
  syncJobsSince: [8],
  // libpve-access-control 8.0.5; release 8.0 came out with 8.0.3.
  checksSince: [8, 1],
};
