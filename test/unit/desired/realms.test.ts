import { describe, expect, test } from "@jest/globals";
import { buildTexts, manifestText, summary } from "../../support/manifest-text.ts";

const realm = (name: string, spec = "{}"): string => manifestText("Realm", name, spec);

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
    [
      "Yubico's, its id in whatever spelling",
      "tfa: { type: yubico, url: 'https://otp.example/verify', id: 4711 }",
      { tfa: "id=4711,type=yubico,url=https://otp.example/verify" },
    ],
    ["Yubico's as a text", "tfa: 'type=yubico,id=4711'", { tfa: "id=4711,type=yubico" }],
    ["what is to be taken off", "filter: null", { filter: undefined }],
    ["what is empty", "filter: ' '", { filter: undefined }],
    ["an IPv6 address", "server2: 'fe80::1'", { server2: "fe80::1" }],
  ])("%s", (_, written, expected) =>
    expect(optionsOf(realm("corp", `{ type: ldap, options: { ${written} } }`))).toEqual(expected),
  );
});

test("a secret of what stands in an option, a connection that is asked, and who is new", () => {
  const { states, diagnostics } = buildTexts([
    realm(
      "corp",
      "{ type: ldap, options: { tfa: { type: yubico, id: 1 } }, secrets: { tfa-key: { env: ROLECALL_SECRET_K } }, " +
        "checkConnection: true, sync: { schedule: daily, enableNew: false } }",
    ),
    realm("ad-1", "{ type: ad, checkConnection: false, sync: { schedule: daily } }"),
  ]);
  expect(summary(diagnostics)).toEqual([]);
  const [other, corp] = [...(states[0]?.realms.values() ?? [])];
  expect([...(corp?.secrets ?? [])]).toEqual([["tfa-key", { source: "env", name: "ROLECALL_SECRET_K" }]]);
  expect(corp).toMatchObject({ checksConnection: true, sync: { enableNew: false } });
  expect(other).not.toHaveProperty("checksConnection");
  expect(other?.sync).not.toHaveProperty("enableNew");
});
