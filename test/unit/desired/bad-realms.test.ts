import { describe, expect, test } from "@jest/globals";
import type { Diagnostic } from "../../../src/manifest/diagnostic.ts";
import { buildTexts, manifestText, marked, targetText } from "../../support/manifest-text.ts";

const target = targetText("dc1", ", scope: { realms: { exclude: [other] } }");
const realm = (name: string, spec = "{}"): string => manifestText("Realm", name, spec);
const ldap = (more: string): string =>
  realm("corp", `{ type: ldap, options: { server1: ldap.example, base_dn: dc=x, user_attr: uid${more} } }`);
const sync = (said: string): string => realm("corp", `{ type: ldap, sync: { ${said} } }`);
const key = "secrets: { tfa-key: { env: ROLECALL_SECRET_KEY } }";

type Told = readonly [code: string, place: string, essence: string];

function codeOf({ severity, code }: Diagnostic): string {
  return severity === "warning" ? `warning ${code}` : code;
}

/** As much of a long text as a row bears. */
function placeOf(diagnostic: Diagnostic): string {
  const place = marked(diagnostic);
  return place.length > 40 ? `${place.slice(0, 20)}…` : place;
}

describe("what no realm can be", () => {
  test.each<[string, readonly string[], readonly Told[]]>([
    [
      "a name that begins with a digit",
      [realm("1x", "{ type: ad }")],
      [["invalid-name", '"1x"', '"1x" is not a realm: a letter, then letters, digits, `.`, `_`,']],
    ],
    [
      "a name of one letter",
      [realm("x", "{ type: ad }")],
      [["invalid-name", '"x"', '"x" is not a realm: a letter, then letters, digits, `.`, `_`,']],
    ],
    [
      "a name of 33 letters",
      [realm("r".repeat(33), "{ type: ad }")],
      [
        [
          "invalid-name",
          '"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"',
          '"rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr" is not a realm: a letter,',
        ],
      ],
    ],
    [
      "a name of Rolecall's own",
      [realm("rolecall-tmp-1", "{ type: ad }")],
      [["reserved-name", '"rolecall-tmp-1"', "names that begin with rolecall-tmp- are Rolecall's own, for"]],
    ],
    ["no type", [realm("corp")], [["missing-field", "spec", "a realm needs a type: ldap, ad or openid"]]],
    [
      "an unknown type",
      [realm("corp", "{ type: nis }")],
      [["invalid-value", "nis", "spec.type must be ldap, ad, openid, pam or pve"]],
    ],
    [
      "a second realm of type pve",
      [realm("corp", "{ type: pve }")],
      [["built-in", "pve", "there is one realm of type pve, which is built in and named pve"]],
    ],
    [
      "another type for pam",
      [realm("pam", "{ type: ldap }")],
      [["built-in", "ldap", "the realm pam is built in, and of type pam on every server"]],
    ],
    [
      "pam is never deleted",
      [realm("pam", "{ ensure: absent }")],
      [["built-in", "absent", "the realm pam is built in and never deleted"]],
    ],
    [
      "an option of another type",
      [realm("corp", "{ type: ad, options: { issuer-url: u } }")],
      [["unknown-field", "issuer-url", "a realm of type ad has no option issuer-url"]],
    ],
    [
      "an option of pam's that it has not",
      [realm("pam", "{ options: { server1: h } }")],
      [["unknown-field", "server1", "a realm of type pam has no option server1"]],
    ],
    [
      "an option that nobody has",
      [ldap(", bogus: 1")],
      [["unknown-field", "bogus", 'spec.options has no field "bogus"']],
    ],
    [
      "a required option is empty",
      [realm("corp", "{ type: ldap, options: { server1: '' } }")],
      [["invalid-value", "''", "a realm of type ldap can't be without server1: with an empty one"]],
    ],
    [
      "a required option is taken off",
      [realm("corp", "{ type: ldap, options: { base_dn: null } }")],
      [["invalid-value", "null", "a realm of type ldap can't be without base_dn: with an empty one"]],
    ],
    [
      "a server that is none",
      [realm("corp", "{ type: ad, options: { server1: 'bad host!' } }")],
      [["invalid-value", "'bad host!'", "spec.options.server1 is not a host name or an IP address"]],
    ],
    [
      "a domain of two words",
      [realm("corp", "{ type: ad, options: { domain: a b } }")],
      [["invalid-value", "a b", "spec.options.domain is not one word without blanks"]],
    ],
    [
      "port 0",
      [ldap(", port: 0")],
      [["invalid-value", "0", "spec.options.port must be a whole number from 1 to 65535"]],
    ],
    [
      "port 70000",
      [ldap(", port: 70000")],
      [["invalid-value", "70000", "spec.options.port must be a whole number from 1 to 65535"]],
    ],
    [
      "a port in letters",
      [ldap(", port: abc")],
      [["wrong-type", "abc", "spec.options.port must be a whole number or nothing, not a text"]],
    ],
    [
      "a mode that is none",
      [ldap(", mode: tls")],
      [["invalid-value", "tls", "spec.options.mode must be ldap, ldaps, ldap+starttls or null"]],
    ],
    [
      "a version of TLS that is none",
      [ldap(", sslversion: ssl3")],
      [["invalid-value", "ssl3", "spec.options.sslversion must be tlsv1, tlsv1_1, tlsv1_2, tlsv1_3"]],
    ],
    [
      "a flag in words",
      [ldap(", verify: maybe")],
      [["wrong-type", "maybe", "spec.options.verify must be true or false or nothing, not a text"]],
    ],
    [
      "a user_attr of one letter",
      [realm("corp", "{ type: ldap, options: { user_attr: u } }")],
      [["invalid-value", "u", "spec.options.user_attr is not a text of two characters or more, without"]],
    ],
    [
      "classes with signs",
      [ldap(", user_classes: ['a-b']")],
      [["invalid-value", "user_classes", "spec.options.user_classes holds a-b, which is not the name of an"]],
    ],
    [
      "attributes without a sign between",
      [ldap(", sync_attributes: email")],
      [["invalid-value", "email", "spec.options.sync_attributes is not NAME=ATTRIBUTE with commas"]],
    ],
    [
      "a second factor without a type",
      [ldap(", tfa: { digits: 6 }")],
      [["invalid-value", "tfa", "spec.options.tfa lacks type"]],
    ],
    [
      "a second factor that is none",
      [ldap(", tfa: type=sms")],
      [["invalid-value", "type=sms", "spec.options.tfa has an unfit type: it must be one of oath,"]],
    ],
    [
      "a second factor whose key is written down",
      [ldap(", tfa: 'type=yubico,id=1,key=k3y'")],
      [["literal-secret", "***", "spec.options.tfa holds a secret in clear, which is not written"]],
    ],
    [
      "and in a mapping",
      [ldap(", tfa: { type: yubico, id: 1, key: k3y }")],
      [["literal-secret", "key", 'spec.options.tfa holds no "key": a secret is not written down']],
    ],
    [
      "and under another name",
      [ldap(", tfa: { type: yubico, id: 1, api_key: k3y }")],
      [["literal-secret", "api_key", 'spec.options.tfa holds no "api_key": a secret is not written']],
    ],
    [
      "and in a misspelt text",
      [ldap(", tfa: 'type=yubico,id=1,ky=k3y'")],
      [["invalid-value", "***", "spec.options.tfa has a key that is not known; keys are type,"]],
    ],
    [
      "Yubico's without an id",
      [ldap(", tfa: { type: yubico }")],
      [["invalid-value", "tfa", "spec.options.tfa lacks id, which yubico needs"]],
    ],
    [
      "an id that is none",
      [ldap(", tfa: { type: yubico, id: 'a b' }")],
      [["invalid-value", "tfa", "spec.options.tfa has an unfit id: it is not one word without"]],
    ],
    [
      "a service that is none",
      [ldap(", tfa: { type: yubico, id: 1, url: ftp://x }")],
      [["invalid-value", "tfa", "spec.options.tfa has an unfit url: it is not an address as"]],
    ],
    [
      "a service with a key behind it",
      [ldap(", tfa: { type: yubico, id: 1, url: 'https://x,key=k3y' }")],
      [["invalid-value", "tfa", "spec.options.tfa has an unfit url: it is not an address as"]],
    ],
    [
      "digits of Yubico's",
      [ldap(", tfa: { type: yubico, id: 1, digits: 6 }")],
      [["invalid-value", "tfa", "spec.options.tfa has digits, which is not of yubico"]],
    ],
    [
      "an id of oath's",
      [ldap(", tfa: { type: oath, id: 1 }")],
      [["invalid-value", "tfa", "spec.options.tfa has id, which is not of oath"]],
    ],
    [
      "a long second factor",
      [ldap(`, tfa: { type: yubico, id: 1, url: "https://${"x".repeat(120)}" }`)],
      [["invalid-value", "tfa", "spec.options.tfa is longer than 128 characters"]],
    ],
    [
      "a key without its second factor",
      [realm("pve", `{ ${key} }`)],
      [["conflicting-fields", "tfa-key", "the secret tfa-key is sent in the option tfa, which has to say"]],
    ],
    [
      "a key beside another second factor",
      [realm("pve", `{ options: { tfa: type=oath }, ${key} }`)],
      [["conflicting-fields", "tfa-key", "the secret tfa-key is sent in the option tfa, which has to say"]],
    ],
    [
      "a key of what takes no second factor",
      [realm("sso", `{ type: openid, ${key} }`)],
      [["unknown-field", "tfa-key", "a realm of type openid has no secret tfa-key"]],
    ],
    [
      "a second factor of openid",
      [realm("sso", "{ type: openid, options: { tfa: type=oath } }")],
      [["unknown-field", "tfa", "a realm of type openid has no option tfa"]],
    ],
    [
      "a connection of what has none",
      [realm("pve", "{ checkConnection: false }")],
      [["invalid-value", "false", "a realm of type pve has no directory to ask: only ldap and ad"]],
    ],
    [
      "a connection in words",
      [realm("corp", "{ type: ad, checkConnection: maybe }")],
      [["wrong-type", "maybe", "spec.checkConnection must be true or false, not a text"]],
    ],
    [
      "a name with a slash",
      [realm("a/b", "{ type: ad }")],
      [["invalid-name", '"a/b"', '"a/b" is not a realm: a letter, then letters, digits, `.`, `_`,']],
    ],
    [
      "a name with a letter that no realm has",
      [realm("körp", "{ type: ad }")],
      [["invalid-name", '"körp"', '"körp" holds characters that are not printable ASCII']],
    ],
    [
      "a number where a text is",
      [ldap(", filter: 5")],
      [["wrong-type", "5", "spec.options.filter must be a text or nothing, not a number"]],
    ],
    [
      "options as a list",
      [realm("corp", "{ type: ad, options: [server1] }")],
      [["wrong-type", "options", "spec.options must be a mapping, not a list"]],
    ],
    [
      "a realm out of scope",
      [realm("other", "{ type: ad }")],
      [["out-of-scope", '"other"', "other is out of the scope of target dc1"]],
    ],
    [
      "the same option twice",
      [ldap(", port: 1, port: 2")],
      [["duplicate-key", "port", "this key stands in its mapping already"]],
    ],
    [
      "a default in words",
      [realm("corp", "{ type: ad, default: first }")],
      [["wrong-type", "first", "spec.default must be true or false, not a text"]],
    ],
    [
      "an ensure that is none",
      [realm("corp", "{ type: ad, ensure: gone }")],
      [["invalid-value", "gone", "spec.ensure must be present or absent"]],
    ],
    [
      "a misspelt field",
      [realm("corp", "{ type: ad, coment: x }")],
      [["unknown-field", "coment", 'spec has no field "coment"']],
    ],
    [
      "a long comment",
      [realm("corp", `{ type: ad, comment: ${"c".repeat(4097)} }`)],
      [["invalid-value", "cccccccccccccccccccc…", "the text is longer than 4096 characters"]],
    ],
    [
      "a long filter",
      [ldap(`, filter: ${"f".repeat(2049)}`)],
      [["invalid-value", "ffffffffffffffffffff…", "spec.options.filter is longer than 2048 characters"]],
    ],
    [
      "a line feed in an attribute",
      [ldap(', sync_attributes: { email: "a\\nb" }')],
      [
        [
          "invalid-value",
          "sync_attributes",
          "spec.options.sync_attributes is not NAME=ATTRIBUTE with commas",
        ],
      ],
    ],
    [
      "an attribute with a comma",
      [ldap(", sync_attributes: { email: 'a,b' }")],
      [
        [
          "invalid-value",
          "sync_attributes",
          "spec.options.sync_attributes is not NAME=ATTRIBUTE with commas",
        ],
      ],
    ],
    [
      "a group's name with signs",
      [ldap(", group_name_attr: c-n")],
      [["invalid-value", "c-n", "spec.options.group_name_attr is not the name of an LDAP"]],
    ],
    [
      "two places of one secret",
      [realm("corp", "{ type: ad, secrets: { password: { env: ROLECALL_SECRET_A, file: a } } }")],
      [["conflicting-fields", "password", "spec.secrets.password must have at most 1 of env and file"]],
    ],
    [
      "a secret's file elsewhere",
      [realm("corp", "{ type: ad, secrets: { password: { file: ../a } } }")],
      [["secret-out-of-bounds", "../a", "the file lies outside of the folder of secrets of target dc1"]],
    ],
    ["an empty schedule", [sync("schedule: ' '")], [["invalid-value", "' '", "the schedule is empty"]]],
    [
      "a schedule of two lines",
      [sync('schedule: "daily\\nhourly; x"')],
      [["invalid-value", '"daily\\nhourly; x"', '"daily\\u{a}hourly; x" is not a calendar event']],
    ],
    [
      "a schedule as a number",
      [sync("schedule: 5")],
      [["wrong-type", "5", "spec.sync.schedule must be a text, not a number"]],
    ],
    [
      "a scope of a sync that is none",
      [sync("schedule: daily, scope: all")],
      [["invalid-value", "all", "spec.sync.scope must be users, groups or both"]],
    ],
    [
      "what a sync never removes",
      [sync("schedule: daily, removeVanished: [users]")],
      [["invalid-value", "users", "spec.sync.removeVanished[0] must be entry, properties or acl"]],
    ],
    [
      "new users in words",
      [sync("schedule: daily, enableNew: never")],
      [["wrong-type", "never", "spec.sync.enableNew must be true or false, not a text"]],
    ],
    [
      "a long comment of a job",
      [sync(`schedule: daily, comment: ${"c".repeat(513)}`)],
      [["invalid-value", "cccccccccccccccccccc…", "the text is longer than 512 characters"]],
    ],
    [
      "too few digits",
      [ldap(", tfa: { type: oath, digits: 5 }")],
      [["invalid-value", "tfa", "spec.options.tfa has an unfit digits: it must be a whole number"]],
    ],
    [
      "a sync of all",
      [ldap(", sync-defaults-options: 'scope=all'")],
      [["invalid-value", "'scope=all'", "spec.options.sync-defaults-options has an unfit scope: it must"]],
    ],
    [
      "the same key twice",
      [ldap(", sync-defaults-options: 'scope=users,scope=both'")],
      [["invalid-value", "'scope=users,scope=both'", "spec.options.sync-defaults-options has scope twice"]],
    ],
    [
      "a line feed in a filter",
      [ldap(', filter: "a\\nb"')],
      [["invalid-value", '"a\\nb"', "spec.options.filter holds a line feed, which the server refuses"]],
    ],
    [
      "a line feed in the comment",
      [realm("corp", '{ type: ad, comment: "a\\nb" }')],
      [["invalid-value", '"a\\nb"', "the comment of a realm holds a line feed, which the server"]],
    ],
    [
      "claims with blanks",
      [realm("corp", "{ type: openid, options: { acr-values: a b } }")],
      [["invalid-value", "a b", "spec.options.acr-values is not a text without blanks and without any of"]],
    ],
    [
      "a long base_dn",
      [realm("corp", `{ type: ldap, options: { base_dn: ${"d".repeat(257)} } }`)],
      [["invalid-value", "dddddddddddddddddddd…", "spec.options.base_dn is longer than 256 characters"]],
    ],
    [
      "the secret itself",
      [realm("corp", "{ type: ldap, secrets: { password: hunter2 } }")],
      [["literal-secret", "***", "spec.secrets.password holds a value where only a reference to a"]],
    ],
    [
      "a secret among the options",
      [ldap(", password: hunter2")],
      [["literal-secret", "password", 'spec.options has no field "password": a secret is not written']],
    ],
    [
      "a secret of another type",
      [realm("corp", "{ type: openid, secrets: { password: { env: ROLECALL_SECRET_A } } }")],
      [["unknown-field", "password", "a realm of type openid has no secret password"]],
    ],
    [
      "a secret out of bounds",
      [realm("corp", "{ type: ldap, secrets: { password: { env: HOME } } }")],
      [["secret-out-of-bounds", "HOME", '"HOME" does not begin with ROLECALL_SECRET_, which target dc1']],
    ],
    [
      "a sync of what has no directory",
      [realm("corp", "{ type: openid, sync: { schedule: daily } }")],
      [["invalid-value", "sync", "a realm of type openid has no directory to fetch users from:"]],
    ],
    [
      "a sync without a schedule",
      [realm("corp", "{ type: ldap, sync: { scope: both } }")],
      [["missing-field", "sync", "spec.sync lacks the field schedule"]],
    ],
    [
      "a schedule that is none",
      [realm("corp", "{ type: ldap, sync: { schedule: 'at; noon' } }")],
      [["invalid-value", "'at; noon'", '"at; noon" is not a calendar event']],
    ],
    [
      "two realms that are the default",
      [realm("one", "{ type: ad, default: true }"), realm("two", "{ type: ad, default: true }")],
      [["conflicting-manifests", "true", "one realm at most is the default, and target dc1 has one at"]],
    ],
    [
      "one of two that is to go",
      [realm("one", "{ ensure: absent, default: true }"), realm("two", "{ type: ad, default: true }")],
      [],
    ],
    [
      "the same realm twice",
      [realm("one", "{ type: ad }"), realm("one", "{ type: ad }")],
      [["duplicate-object", '"one"', "Realm one is declared for target dc1 at a.yaml:3:19 already"]],
    ],
  ])("%s", (_, documents, told) => {
    const { diagnostics } = buildTexts(documents, { target });
    expect(diagnostics.map((one) => [codeOf(one), placeOf(one), one.message])).toEqual(
      told.map(([code, place, essence]): unknown => [code, place, expect.stringContaining(essence)]),
    );
    for (const { message, excerpt, hint = "" } of diagnostics)
      expect(`${message} ${excerpt} ${hint}`).not.toMatch(/k3y|hunter2/u);
  });
});
