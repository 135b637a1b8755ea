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
  expect([...realms.values()].map(({ comment }) => comment)).toEqual(["Größe", "", "ours:", ""]);
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
