import { expect, test } from "@jest/globals";
import { dangerousPrivileges, isDangerous } from "../../../src/access/dangerous.ts";
import { pve } from "../../../src/model/pve.ts";

test("what can grant more is known to the product, and has a reason", () => {
  for (const [privilege, reason] of dangerousPrivileges) {
    expect(pve.privileges.has(privilege)).toBe(true);
    expect(reason).not.toBe("");
  }
});

test.each([
  ["Permissions.Modify", true],
  ["Group.Allocate", true],
  ["VM.Audit", false],
])("%s: %s", (privilege, expected) => {
  expect(isDangerous(privilege)).toBe(expected);
});
