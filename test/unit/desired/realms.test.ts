import { describe, expect, test } from "@jest/globals";
import { buildTexts, manifestText, summary } from "../../support/manifest-text.ts";

const realm = (name: string, spec = "{}"): string => manifestText("Realm", name, spec);
const ldap = (more: string): string =>
  realm("corp", `{ type: ldap, options: { server1: ldap.example, base_dn: dc=x, user_attr: uid${more} } }`);

function optionsOf(document: string): unknown {
  const { states, diagnostics } = buildTexts([document]);
  expect(summary(diagnostics)).toEqual([]);
  return Object.fromEntries([...(states[0]?.realms.values() ?? [])].flatMap(({ options }) => [...options]));
}

describe("a realm's options have one spelling", () => {
  test.each<[string, string, Record<string, unknown>]>([
    ["a flag", "verify: true", { verify: true }],
    ["a number", "port: 636", { port: 636 }],
    ["a list", "user_classes: [person, user]", { user_classes: "person,user" }],
    ["a list as a text", "user_classes: 'person, user'", { user_classes: "person,user" }],
    [
      "pairs",
      "sync_attributes: { lastname: sn, email: mail }",
      { sync_attributes: "email=mail,lastname=sn" },
    ],
    [
      "pairs as a text",
      "sync_attributes: 'lastname=sn, email=mail'",
      { sync_attributes: "email=mail,lastname=sn" },
    ],
    [
      "what a sync does",
      "sync-defaults-options: { scope: both, remove-vanished: [acl, entry], enable-new: false }",
      { "sync-defaults-options": "enable-new=0,remove-vanished=entry;acl,scope=both" },
    ],
    ["a second factor", "tfa: { type: oath, digits: 8 }", { tfa: "digits=8,type=oath" }],
    ["what is to be taken off", "filter: null", { filter: undefined }],
    ["what is empty", "filter: ' '", { filter: undefined }],
    ["an IPv6 address", "server2: 'fe80::1'", { server2: "fe80::1" }],
  ])("%s", (_, written, expected) =>
    expect(optionsOf(realm("corp", `{ type: ldap, options: { ${written} } }`))).toEqual(expected),
  );
});

describe("bad realms", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["a name that begins with a digit", [realm("1x", "{ type: ad }")], ['invalid-name@"1x"']],
    ["a name of one letter", [realm("x", "{ type: ad }")], ['invalid-name@"x"']],
    ["a name of 33 letters", [realm("r".repeat(33), "{ type: ad }")], [`invalid-name@"${"r".repeat(33)}"`]],
    [
      "a name of Rolecall's own",
      [realm("rolecall-tmp-1", "{ type: ad }")],
      ['reserved-name@"rolecall-tmp-1"'],
    ],
    ["no type", [realm("corp")], ["missing-field@spec"]],
    ["an unknown type", [realm("corp", "{ type: nis }")], ["invalid-value@nis"]],
    ["a second realm of type pve", [realm("corp", "{ type: pve }")], ["built-in@pve"]],
    ["another type for pam", [realm("pam", "{ type: ldap }")], ["built-in@ldap"]],
    ["pam is never deleted", [realm("pam", "{ ensure: absent }")], ["built-in@absent"]],
    [
      "an option of another type",
      [realm("corp", "{ type: ad, options: { issuer-url: u } }")],
      ["unknown-field@issuer-url"],
    ],
    [
      "an option of pam's that it has not",
      [realm("pam", "{ options: { server1: h } }")],
      ["unknown-field@server1"],
    ],
    ["an option that nobody has", [ldap(", bogus: 1")], ["unknown-field@bogus"]],
    [
      "a required option is empty",
      [realm("corp", "{ type: ldap, options: { server1: '' } }")],
      ["invalid-value@''"],
    ],
    [
      "a required option is taken off",
      [realm("corp", "{ type: ldap, options: { base_dn: null } }")],
      ["invalid-value@null"],
    ],
    [
      "a server that is none",
      [realm("corp", "{ type: ad, options: { server1: 'bad host!' } }")],
      ["invalid-value@'bad host!'"],
    ],
    [
      "a domain of two words",
      [realm("corp", "{ type: ad, options: { domain: a b } }")],
      ["invalid-value@a b"],
    ],
    ["port 0", [ldap(", port: 0")], ["invalid-value@0"]],
    ["port 70000", [ldap(", port: 70000")], ["invalid-value@70000"]],
    ["a port in letters", [ldap(", port: abc")], ["wrong-type@abc"]],
    ["a mode that is none", [ldap(", mode: tls")], ["invalid-value@tls"]],
    ["a version of TLS that is none", [ldap(", sslversion: ssl3")], ["invalid-value@ssl3"]],
    ["a flag in words", [ldap(", verify: maybe")], ["wrong-type@maybe"]],
    [
      "a user_attr of one letter",
      [realm("corp", "{ type: ldap, options: { user_attr: u } }")],
      ["invalid-value@u"],
    ],
    ["classes with signs", [ldap(", user_classes: ['a-b']")], ["invalid-value@user_classes"]],
    ["attributes without a sign between", [ldap(", sync_attributes: email")], ["invalid-value@email"]],
    ["a second factor without a type", [ldap(", tfa: { digits: 6 }")], ["invalid-value@tfa"]],
    ["a second factor that is none", [ldap(", tfa: type=sms")], ["invalid-value@type=sms"]],
    [
      "a second factor whose key is a secret",
      [ldap(", tfa: 'type=yubico,key=k3y'")],
      ["invalid-value@'type=yubico,key=k3y'"],
    ],
    ["too few digits", [ldap(", tfa: { type: oath, digits: 5 }")], ["invalid-value@tfa"]],
    ["a sync of all", [ldap(", sync-defaults-options: 'scope=all'")], ["invalid-value@'scope=all'"]],
    [
      "the same key twice",
      [ldap(", sync-defaults-options: 'scope=users,scope=both'")],
      ["invalid-value@'scope=users,scope=both'"],
    ],
    ["a line feed in a filter", [ldap(', filter: "a\\nb"')], ['invalid-value@"a\\nb"']],
    [
      "a line feed in the comment",
      [realm("corp", '{ type: ad, comment: "a\\nb" }')],
      ['invalid-value@"a\\nb"'],
    ],
    [
      "claims with blanks",
      [realm("corp", "{ type: openid, options: { acr-values: a b } }")],
      ["invalid-value@a b"],
    ],
    [
      "a long base_dn",
      [realm("corp", `{ type: ldap, options: { base_dn: ${"d".repeat(257)} } }`)],
      [`invalid-value@${"d".repeat(120)}`],
    ],
    [
      "the secret itself",
      [realm("corp", "{ type: ldap, secrets: { password: hunter2 } }")],
      ["literal-secret@***"],
    ],
    ["a secret among the options", [ldap(", password: hunter2")], ["literal-secret@password"]],
    [
      "a secret of another type",
      [realm("corp", "{ type: openid, secrets: { password: { env: ROLECALL_SECRET_A } } }")],
      ["unknown-field@password"],
    ],
    [
      "a secret out of bounds",
      [realm("corp", "{ type: ldap, secrets: { password: { env: HOME } } }")],
      ["secret-out-of-bounds@HOME"],
    ],
    [
      "a sync of what has no directory",
      [realm("corp", "{ type: openid, sync: { schedule: daily } }")],
      ["invalid-value@sync"],
    ],
    [
      "a sync without a schedule",
      [realm("corp", "{ type: ldap, sync: { scope: both } }")],
      ["missing-field@sync"],
    ],
    [
      "a schedule that is none",
      [realm("corp", "{ type: ldap, sync: { schedule: 'at; noon' } }")],
      ["invalid-value@'at; noon'"],
    ],
    [
      "two realms that are the default",
      [realm("one", "{ type: ad, default: true }"), realm("two", "{ type: ad, default: true }")],
      ["conflicting-manifests@true"],
    ],
    [
      "one of two that is to go",
      [realm("one", "{ ensure: absent, default: true }"), realm("two", "{ type: ad, default: true }")],
      [],
    ],
    [
      "the same realm twice",
      [realm("one", "{ type: ad }"), realm("one", "{ type: ad }")],
      ['duplicate-object@"one"'],
    ],
  ])("%s", (_, documents, expected) => {
    const { diagnostics } = buildTexts(documents);
    expect(summary(diagnostics)).toEqual(expected);
  });
});
