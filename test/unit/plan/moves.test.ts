import { expect, test } from "@jest/globals";
import { wordMoves } from "../../../src/plan/moves.ts";
import { aGroup, aPool, aState, aUser } from "../../support/builders.ts";

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
  ["a pool", {}, { pools: [aPool("dev")] }, ["a pool or a realm was changed"]],
  [
    "more than a message bears",
    {},
    { groups: ["a", "b", "c", "d", "e", "f", "g"].map((id) => aGroup(id)) },
    ["a", "b", "c", "d", "e"].map((id) => `Group ${id} was created`).concat("and 2 more"),
  ],
])("%s", (_, before, after, words) => expect(wordMoves(aState(before), aState(after))).toEqual(words));
