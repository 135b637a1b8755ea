import { expect, test } from "@jest/globals";
import { pathOfGuest, pathOfStorage } from "../../../src/model/pool-paths.ts";
import { wordMoves } from "../../../src/plan/moves.ts";
import { aGroup, aPool, aPoolId, aRealm, aState, aUser } from "../../support/builders.ts";

test.each([
  ["nothing", {}, {}, []],
  ["a new group", {}, { groups: { ops: [] } }, ["Group ops was created"]],
  ["a user that is gone", { users: ["joe@pve"] }, {}, ["User joe@pve was deleted"]],
  [
    "fields",
    { users: ["joe@pve"] },
    { users: [aUser("joe@pve", { comment: "x", enabled: false })] },
    ["User joe@pve was changed (enabled, comment)"],
  ],
  ["a pool", {}, { pools: [aPool("dev")] }, ["Pool dev was created"]],
  [
    "a pool's members",
    { pools: [aPool("dev", [100])] },
    { pools: [aPool("dev")] },
    ["Pool dev was changed (vms)"],
  ],
  [
    "members that one read alone asked for",
    { pools: [aPool("dev", [100])] },
    { pools: [{ id: aPoolId("dev"), comment: "" }] },
    [],
  ],
  ["a realm", {}, { realms: [aRealm("ldap", "ldap")] }, ["Realm ldap was created"]],
  [
    "more than a message bears",
    {},
    { groups: ["a", "b", "c", "d", "e", "f", "g"].map((id) => aGroup(id)) },
    ["a", "b", "c", "d", "e"].map((id) => `Group ${id} was created`).concat("and 2 more"),
  ],
])("%s", (_, before, after, words) => expect(wordMoves(aState(before), aState(after))).toEqual(words));

test("what was put into a pool and does not exist, the server does not list", () => {
  const [before, after] = [
    aState({ pools: [aPool("dev", [100, 101], ["nas"])] }),
    aState({ pools: [aPool("dev", [101])] }),
  ];
  expect(wordMoves(before, after, new Set([pathOfGuest(100), pathOfStorage("nas")]))).toEqual([]);
  expect(wordMoves(before, after, new Set([pathOfGuest(101), pathOfStorage("nas")]))).toEqual([
    "Pool dev was changed (vms)",
  ]);
});
