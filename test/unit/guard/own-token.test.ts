import { describe, expect, test } from "@jest/globals";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import type { Target } from "../../../src/model/target.ts";
import { aToken } from "../../support/builders.ts";
import { findOwnTokens } from "../../../src/guard/own-token.ts";
import { judge } from "../../support/judged.ts";
import { aDelivery, aPlan, aTarget } from "../../support/desired-builders.ts";

type Credentials = Extract<Target["credentials"], { kind: "token" }>;

function inFile(path: string): Credentials["secret"] {
  return { source: "file", path };
}

function aSink(as: string, format: SecretDelivery["format"]): SecretDelivery {
  return { ...aDelivery(), as, format };
}

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
    expect(findOwnTokens(plan, aTarget().credentials)).toMatchObject([
      { severity: "error", code: "own-token" },
    ]);
  });

  test.each<[string, Credentials["secret"], SecretDelivery, readonly string[]]>([
    ["the very file, and nothing else in it", inFile("sinks/ci/own"), aSink("own", "raw"), []],
    ["another file", inFile("sinks/ci/other"), aSink("own", "raw"), ["own-token"]],
    ["more than the secret", inFile("sinks/ci/own"), aSink("own", "env"), ["own-token"]],
    ["a file where a variable is read", { source: "env", name: "X" }, aSink("own", "raw"), ["own-token"]],
    [
      "a sink of another kind",
      inFile("sinks/ci/own"),
      { ...aSink("own", "raw"), sink: { kind: "age", name: "ci", dir: "sinks/ci", recipients: [] } },
      ["own-token"],
    ],
  ])("is allowed only where a sink writes %s", (_, secret, delivery, codes) => {
    const credentials = { kind: "token", id: { text: "rolecall@pve!gitops" }, secret } as const;
    const plan = aPlan(
      { credentials, tokens: { "rolecall@pve!gitops": { ...wanted, deliveries: [delivery] } } },
      {
        users: ["rolecall@pve"],
        tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false, expire: 5_000_000_000 })],
      },
    );
    expect(findOwnTokens(plan, credentials).map(({ code }) => code)).toEqual(codes);
  });

  test("is never deleted and made again", () => {
    const plan = aPlan(
      { tokens: { "rolecall@pve!gitops": { ...wanted, deliveries: [aSink("own", "raw")] } } },
      {
        users: ["rolecall@pve"],
        tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false, expire: 5 })],
        version: "8.4.5",
      },
    );
    expect(findOwnTokens(plan, aTarget().credentials)).toMatchObject([{ code: "own-token" }]);
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
