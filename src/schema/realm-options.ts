// Every option of every type of realm, under the server's own names. What a type has, and of what form each value is, is
// the product's to say (model/pve-realms.ts): here stands what a document can hold.

import type { JSONSchema } from "json-schema-to-ts";

const text = { type: ["string", "null"] } as const;
const flag = { type: ["boolean", "null"] } as const;
const list = { type: ["array", "string", "null"], items: { type: "string" } } as const;

const directory = {
  base_dn: { ...text, description: "Where users are looked for. Needed by ldap." },
  bind_dn: { ...text, description: "Who asks the directory; `secrets.password` is its password." },
  capath: { ...text, description: "The certificates that are trusted: a file or a folder on the nodes." },
  "case-sensitive": { ...flag, description: "Whether names of users tell capitals. Server's default: true." },
  cert: { ...text, description: "A client's certificate: a file on the nodes." },
  certkey: { ...text, description: "The file on the nodes with the key of `cert`." },
  domain: { ...text, description: "The domain of Active Directory. Needed by ad." },
  filter: { ...text, description: "An LDAP filter for users." },
  group_classes: { ...list, description: "Object classes of groups." },
  group_dn: { ...text, description: "Where groups are looked for. Server's default: base_dn." },
  group_filter: { ...text, description: "An LDAP filter for groups." },
  group_name_attr: { ...text, description: "The attribute that names a group." },
  mode: {
    enum: ["ldap", "ldaps", "ldap+starttls", null],
    description: "How the directory is spoken to. Server's default: ldap.",
  },
  port: { type: ["integer", "null"], description: "The directory's port." },
  secure: { ...flag, description: "The older way to say mode: ldaps." },
  server1: { ...text, description: "The directory. Needed by ldap and ad." },
  server2: { ...text, description: "Where to ask when server1 does not answer." },
  sslversion: {
    enum: ["tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3", null],
    description: "Exactly this version of TLS.",
  },
  "sync-defaults-options": {
    type: ["object", "string", "null"],
    additionalProperties: false,
    description: "What a sync does where nobody says otherwise.",
    examples: [{ scope: "both", "remove-vanished": ["entry"] }],
    properties: {
      "enable-new": { type: "boolean", description: "Whether fetched users can log in at once." },
      "remove-vanished": {
        type: ["array", "string"],
        items: { enum: ["entry", "properties", "acl"] },
        description: "What goes with a user or a group that the directory no longer has.",
      },
      scope: { enum: ["users", "groups", "both"], description: "What is fetched." },
    },
  },
  sync_attributes: {
    type: ["object", "string", "null"],
    additionalProperties: { type: "string" },
    description: "Which attribute of the directory fills which field of a user.",
    examples: [{ email: "mail", firstname: "givenName" }],
  },
  user_attr: { ...text, description: "The attribute that names a user. Needed by ldap." },
  user_classes: { ...list, description: "Object classes of users." },
  verify: {
    ...flag,
    description: "Whether the directory's certificate is verified. Server's default: false.",
  },
} as const;

const openid = {
  "acr-values": { ...text, description: "Authentication context classes that are asked for." },
  audiences: { ...text, description: "Further audiences that are taken. Since release 9.2." },
  autocreate: {
    ...flag,
    description: "Whether users are made when they first log in. Server's default: false.",
  },
  "client-id": { ...text, description: "Under which id the provider knows the server. Needed by openid." },
  "groups-autocreate": {
    ...flag,
    description: "Whether groups are made as they are claimed. Since release 8.4.",
  },
  "groups-claim": { ...text, description: "The claim that names a user's groups. Since release 8.4." },
  "groups-overwrite": {
    ...flag,
    description: "Whether a log-in replaces a user's groups. Since release 8.4.",
  },
  "issuer-url": { ...text, description: "The provider. Needed by openid." },
  prompt: { ...text, description: "What the provider is to ask: none, login, consent, select_account." },
  "query-userinfo": { ...flag, description: "Whether the provider is asked about users. Since release 8.4." },
  scopes: { ...text, description: "The scopes that are asked for. Server's default: email profile." },
  "username-claim": { ...text, description: "The claim that names a user. Never changes." },
} as const;

export const realmOptionsSchema = {
  type: "object",
  additionalProperties: false,
  description:
    "Under the server's own names. What is left out stays as it is; null takes an option off, so that the server's default holds.",
  properties: {
    ...directory,
    ...openid,
    tfa: {
      type: ["object", "string", "null"],
      additionalProperties: false,
      description: "A second factor for all users of the realm. Not of openid.",
      examples: [
        { type: "oath", digits: 6 },
        { type: "yubico", id: "12345" },
      ],
      properties: {
        type: { type: "string", description: "oath or yubico; `secrets.tfa-key` is the key of Yubico's." },
        digits: { type: "integer", description: "Of oath: 6 to 8. Server's default: 6." },
        step: { type: "integer", description: "Of oath: seconds, 10 or more. Server's default: 30." },
        id: { type: ["string", "integer"], description: "Of yubico: under which id its service knows you." },
        url: { type: "string", description: "Of yubico: its service, where it is not Yubico's own." },
      },
    },
  },
} as const satisfies JSONSchema;
