import { describe, expect, test } from "@jest/globals";
import { isSameState } from "../../../src/plan/compare.ts";
import { aState, aUser } from "../../support/builders.ts";

describe("equal states", () => {
  const rows = [
    ["/", "user:joe@pve", "PVEAuditor"],
    ["/vms", "user:joe@pve", "PVEVMUser"],
  ] as const;
  const { comment, ...joe } = aUser("joe@pve");
  const state = aState({ users: ["joe@pve", "ann@pve"], acl: rows });

  test.each([
    ["users in another order", aState({ users: ["ann@pve", "joe@pve"], acl: rows })],
    ["entries in another order", aState({ users: ["joe@pve", "ann@pve"], acl: [rows[1], rows[0]] })],
    ["fields written in another order", aState({ users: [{ comment, ...joe }, "ann@pve"], acl: rows })],
  ])("%s", (_, other) => {
    expect(isSameState(state, other)).toBe(true);
  });

  test.each([
    ["a comment", aState({ users: [aUser("joe@pve", { comment: "x" }), "ann@pve"], acl: rows })],
    ["a flag", aState({ users: ["joe@pve", "ann@pve"], acl: [rows[0], [...rows[1], false]] })],
    ["a user", aState({ users: ["joe@pve"], acl: rows })],
  ])("but not where %s differs", (_, other) => {
    expect(isSameState(state, other)).toBe(false);
  });
});
