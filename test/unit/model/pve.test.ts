import { expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { profileOf } from "../../../src/simulator/profile.ts";

test.each([
  ["7.4-16", 5],
  ["8.0.4", 5],
  ["8.2.7", 5],
  ["8.3.0", 8],
  ["8.4.5", 8],
  ["9.0.3", 8],
  ["9.2.11", 8],
])(
  "a password on %s has at least %d characters, as the simulated server of that release says",
  (version, minimum) => {
    expect(pve.passwordLengths(version)).toEqual({ minimum, maximum: 64 });
    expect(profileOf(version)?.minimumPasswordLength).toBe(minimum);
  },
);

test("of what does not look like a release, the longer one is asked for", () => {
  expect(pve.passwordLengths("unknown").minimum).toBe(8);
});
