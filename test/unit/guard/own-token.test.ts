import { describe, expect, test } from "@jest/globals";
import { aToken } from "../../support/builders.ts";
import { findOwnTokens } from "../../../src/guard/own-token.ts";
import { judge } from "../../support/judged.ts";
import { aDelivery, aPlan } from "../../support/desired-builders.ts";

describe("own-token", () => {
  const wanted = { expire: 0, privilegeSeparation: false, deliveries: [aDelivery()] };

  test("a new secret for the caller's own token refuses the plan: it would end the run", () => {
    const plan = aPlan(
      { tokens: { "rolecall@pve!gitops": wanted } },
      {
        users: ["rolecall@pve"],
        tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false, expire: 5_000_000_000 })],
      },
    );
    expect(findOwnTokens(plan)).toMatchObject([{ severity: "error", code: "own-token" }]);
  });

  test("another token's is nobody's lockout", () => {
    const { findings } = judge(
      { users: { "ci@pve": {} }, tokens: { "ci@pve!deploy": wanted } },
      {
        users: ["ci@pve"],
        tokens: [aToken("ci@pve!deploy", { privilegeSeparation: false, expire: 5_000_000_000 })],
      },
    );
    expect(findings.filter(({ code }) => code === "own-token")).toEqual([]);
  });
});
