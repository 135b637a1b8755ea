import { expect, test } from "@jest/globals";
import { parseDomains, realmsOfUsers } from "../../../src/usercfg/domains.ts";
import { aUserId } from "../../support/builders.ts";

const types = (realms: ReturnType<typeof parseDomains>): Record<string, string> =>
  Object.fromEntries([...realms.values()].map(({ id, type }) => [id, type]));

test("sections are realms, with their comments; the built-in ones are always there", () => {
  const text =
    "pve: pve\n\tcomment ours%3A\n\nldap: corp\n\tserver1 ldap.example\n\tcomment Gr%C3%B6%C3%9Fe\n\nad: win-1\n\tdomain a\n";
  const realms = parseDomains(text);
  expect(types(realms)).toEqual({ corp: "ldap", pam: "pam", pve: "pve", "win-1": "ad" });
  expect([...realms.values()].map(({ comment }) => comment)).toEqual([
    "Größe",
    "Linux PAM standard authentication",
    "ours:",
    "",
  ]);
});

test("options are as the API tells them, but for secrets", () => {
  const text =
    "openid: sso\n\tclient-id pve\n\tclient-key k3y\n\tissuer-url https://id\n\tautocreate 1\n\tdefault 1\n\nldap: corp\n\tport 636\n\tuser_classes a, b\n";
  const realms = Object.fromEntries([...parseDomains(text)]);
  expect(realms["sso"]).toEqual({
    id: "sso",
    type: "openid",
    comment: "",
    isDefault: true,
    options: { autocreate: true, "client-id": "pve", "issuer-url": "https://id" },
  });
  expect(realms["corp"]?.options).toEqual({ port: 636, user_classes: "a,b" });
});

test.each([
  "",
  "\0\0",
  "ldap:\n",
  "ldap: a b\n",
  "ldap: -x\n",
  "\tcomment orphan\n",
  "# ldap: corp\n",
  "LDAP: corp",
])("%j has no realm of its own", (text) => {
  expect(types(parseDomains(text))).toEqual({ pam: "pam", pve: "pve" });
});

test("without the file, every realm of users but pam and pve is a directory's", () => {
  const users = ["a@pve", "b@pam", "c@corp", "d@corp", "e@x@ad"].map(aUserId);
  expect(types(realmsOfUsers(users))).toEqual({ ad: "ldap", corp: "ldap", pam: "pam", pve: "pve" });
});
