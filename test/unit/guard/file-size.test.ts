import { describe, expect, test } from "@jest/globals";
import { findOversize } from "../../../src/guard/file-size.ts";
import { aUser } from "../../support/builders.ts";
import { aPlan, type TerseDesired } from "../../support/desired-builders.ts";

/** So many users with comments of 1,000 characters. */
function commented(count: number): NonNullable<TerseDesired["users"]> {
  const comment = "x".repeat(1000);
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`u${index}@pve`, { comment }]));
}

describe("what the server can store", () => {
  test.each<[string, number, readonly string[]]>([
    ["under 1 MiB", 1000, []],
    ["over 1 MiB", 1100, ["config-too-large"]],
  ])("%s", (_, count, codes) => {
    expect(findOversize(aPlan({ users: commented(count) })).map(({ code }) => code)).toEqual(codes);
  });

  test("what makes a full file smaller is allowed", () => {
    const users = Array.from({ length: 1100 }, (_, index) =>
      aUser(`u${index}@pve`, { comment: "x".repeat(1000) }),
    );
    expect(findOversize(aPlan({ users: { "u0@pve": { ensure: "absent" } } }, { users }))).toEqual([]);
  });
});
