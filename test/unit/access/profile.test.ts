import { expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { profileOf } from "../../../src/access/profile.ts";
import { aState, aTokenId, aUserId } from "../../support/builders.ts";

const index = indexAccess(
  aState({
    users: ["a@pve", "b@pve", "c@pve", "d@pve"],
    groups: { ops: ["a@pve", "b@pve", "c@pve"], idle: ["b@pve"] },
    tokens: ["a@pve!tk"],
    acl: [
      ["/vms", "group:ops", "PVEVMUser"],
      ["/", "user:c@pve", "PVEAuditor"],
    ],
  }),
);
const profile = (id: string) => profileOf(index, { kind: "user", id: aUserId(id) });

test("users of the same groups with entries share one profile", () => {
  expect(profile("b@pve")).toBe(profile("a@pve"));
  expect([...profile("a@pve").keys()]).toEqual(["/vms"]);
});

test("a user with entries has one of its own", () => {
  expect([...profile("c@pve").keys()].sort()).toEqual(["/", "/vms"]);
});

test("who has no entry and no group shares the empty one, as does a token", () => {
  expect(profile("d@pve").size).toBe(0);
  expect(profileOf(index, { kind: "token", id: aTokenId("a@pve!tk") })).toBe(profile("d@pve"));
});
