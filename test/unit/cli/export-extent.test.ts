import { describe, expect, test } from "@jest/globals";
import { extentOf, parseScopeWord, refuseUnknown } from "../../../src/cli/export-extent.ts";
import { pve } from "../../../src/model/pve.ts";
import type { SelectorKind } from "../../../src/plan/select.ts";
import { anEntry, aPool, aRealm, aState, aSubject, aUserId } from "../../support/builders.ts";
import { aTarget } from "../../support/desired-builders.ts";

const state = aState({
  users: ["joe@pve", "kim@pam", "anna@corp"],
  groups: { ops: ["joe@pve"] },
  roles: { R: [] },
  tokens: ["joe@pve!tok"],
  pools: [aPool("dev")],
  acl: [anEntry("/vms", "group:ops", "R"), anEntry("/vms", "user:joe@pve", "R")],
  realms: [aRealm("corp", "ldap")],
});

describe("--scope", () => {
  test.each([
    ["users=*@pve", { kind: "users", glob: "*@pve", isExcluded: false }],
    ["paths=!/pool/**", { kind: "paths", glob: "/pool/**", isExcluded: true }],
  ])("%s", (text, word) => {
    expect(parseScopeWord(text)).toEqual(word);
  });

  test.each(["", "users", "users=", "users=!", "people=*", "=*"])("%j is refused", (text) => {
    expect(() => parseScopeWord(text)).toThrow("KIND=GLOB");
  });

  test("narrows the target's own scope", () => {
    const target = aTarget({ scope: { users: { exclude: ["kim@pam"] } } });
    const usersWith = (...words: string[]): string[] => {
      const extent = extentOf(target, state, pve, { scope: words.map(parseScopeWord) });
      return [...state.users.keys()].filter(extent.user);
    };
    expect(usersWith()).toEqual(["joe@pve"]);
    expect(usersWith("users=**")).toEqual(["joe@pve"]);
    expect(usersWith("users=!joe*")).toEqual([]);
    expect(usersWith("groups=x")).toEqual(["joe@pve"]);
  });
});

describe("--only", () => {
  const only = (kind: SelectorKind, name: string): ReturnType<typeof extentOf> =>
    extentOf(undefined, state, pve, { only: [{ kind, name }] });

  test("takes the object and nothing else", () => {
    const extent = only("User", "joe@pve");
    expect([...state.users.keys()].filter(extent.user)).toEqual(["joe@pve"]);
    expect([...state.groups.keys()].filter(extent.group)).toEqual([]);
    expect(state.acl.filter(({ path, subject }) => extent.pair(path, subject))).toEqual([]);
  });

  test.each([
    ["/vms", 2],
    ["/vms group:ops", 1],
    ["/", 0],
  ])("of entries %s", (name, count) => {
    const extent = only("ACL", name);
    expect(state.acl.filter(({ path, subject }) => extent.pair(path, subject))).toHaveLength(count);
  });

  test.each<[SelectorKind, string, string | undefined]>([
    ["User", "joe@pve", undefined],
    ["Group", "ops", undefined],
    ["Role", "R", undefined],
    ["Token", "joe@pve!tok", undefined],
    ["Pool", "dev", undefined],
    ["ACL", "/vms user:joe@pve", undefined],
    ["User", "nobody@pve", "User/nobody@pve"],
    ["User", "anna@corp", "User/anna@corp"],
    ["Role", "PVEAdmin", "Role/PVEAdmin"],
    ["ACL", "/nodes", "ACL//nodes"],
    ["Membership", "ops-joe", "with their group"],
  ])("%s/%s: refused for %s", (kind, name, refused) => {
    const act = (): void => refuseUnknown([{ kind, name }], state, only(kind, name));
    if (refused === undefined) expect(act).not.toThrow();
    else expect(act).toThrow(refused);
  });
});

test("who is out of scope by name is left alone as a member, as the superuser is", () => {
  const extent = extentOf(aTarget({ scope: { users: { exclude: ["kim@pam"] } } }), state, pve, {});
  const left = ["kim@pam", "root@pam", "joe@pve", "anna@corp"].filter((id) =>
    extent.isLeftAlone(aUserId(id)),
  );
  expect(left).toEqual(["kim@pam", "root@pam"]);
  expect(extent.pair(pve.normalizeAclPath("/"), aSubject("user:anna@corp"))).toBe(true);
});
