import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { format, resolveConfig } from "prettier";
import { applyPlan } from "../../../src/apply/apply.ts";
import { chainLine, hashOf } from "../../../src/apply/audit-chain.ts";
import type { AuditLine } from "../../../src/apply/audit.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import { auditSchema } from "../../../src/render/audit-schema.ts";
import { expectGolden } from "../../support/golden.ts";
import { aDelivery, aPlan, type TerseDesired } from "../../support/desired-builders.ts";
import { aServer, type FakeServer, type Misfortune } from "../../support/fake-doors.ts";

const from = { kind: "given", from: { source: "env", name: "P" } } as const;
const company: TerseDesired = {
  groups: { ops: { comment: "day" } },
  users: { "ann@pve": { password: { origin: from, policy: "initial" } } },
};
const token: TerseDesired = { tokens: { "ann@pve!ci": { deliveries: [aDelivery()] } } };
const live = { users: ["ann@pve"] };

async function applied(desired: TerseDesired, misfortune: Misfortune = {}, start = {}): Promise<FakeServer> {
  const plan = aPlan(desired, start);
  const server = aServer(plan.before, misfortune);
  const { secrets } = await prepareApply(plan, server.doors);
  await applyPlan(plan, secrets, server.doors, new AbortController().signal);
  return server;
}

const told = (lines: readonly AuditLine[]): readonly string[] =>
  lines.map(({ write, phase, outcome }) => `${write} ${phase}${outcome ? ` ${outcome.status}` : ""}`);

describe("audit lines", () => {
  test("are two a write, with all but its secret", async () => {
    const { lines } = await applied(company);
    expect(told(lines)).toEqual(["1 before", "1 after done", "2 before", "2 after done"]);
    expect(lines[2]).toEqual({
      formatVersion: 1,
      time: "1970-01-01T00:16:40.000Z",
      run: "the-run",
      target: "dc1",
      caller: "rolecall@pve!gitops",
      manifests: { digest: "sha256:d", commit: "c" },
      write: 2,
      phase: "before",
      operation: {
        method: "POST",
        path: "/access/users",
        parameters: { userid: "ann@pve", enable: "1", password: { secret: "env P" } },
      },
      changes: [
        {
          action: "create",
          kind: "User",
          name: "ann@pve",
          reason: "declared",
          source: { file: "ann@pve.yaml", line: 1 },
        },
      ],
      approvals: ["max-deletes=2"],
    });
    expect(lines[3]).toEqual({ ...lines[2], phase: "after", outcome: { status: "done" } });
    expect(JSON.stringify(lines)).not.toContain("a-password");
  });

  test("hold the instant that was sent, and never the secret that came back", async () => {
    const { lines } = await applied(token, {}, live);
    expect(lines[0]?.operation.parameters).toMatchObject({ expire: String(1000 + 3600) });
    expect(JSON.stringify(lines)).not.toContain("the-secret");
  });

  test.each<[string, Misfortune, object]>([
    ["refused", { onWrite: () => ({ kind: "forbidden", words: "no" }) }, { status: "failed", error: "no" }],
    ["delivered nowhere", { sink: "full" }, { status: "failed", written: true }],
    [
      "not told, and done",
      { onWrite: () => ({ kind: "ambiguous", happens: true }) },
      { status: "failed", error: expect.stringContaining("secret of ann@pve!ci is lost") },
    ],
    [
      "never told",
      { onWrite: () => ({ kind: "ambiguous" }), onReadBack: () => "unreachable" },
      { status: "lost" },
    ],
  ])("say of a write that was %s how it ended", async (_, misfortune, outcome) => {
    const { lines } = await applied(token, misfortune, live);
    expect(lines[1]).toMatchObject({ phase: "after", outcome });
  });

  test("are two more for a second try", async () => {
    const once: Misfortune = { onWrite: (_, before) => (before === 0 ? { kind: "ambiguous" } : undefined) };
    const { lines } = await applied({ groups: { ops: {} } }, once);
    expect(told(lines)).toEqual(["1 before", "1 after failed", "2 before", "2 after done"]);
  });
});

describe("the published schema", () => {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile({ ...auditSchema });

  test("takes every line, and none without its outcome", async () => {
    const { lines } = await applied(company, {
      onWrite: (_, before) => (before === 0 ? { kind: "failed" } : undefined),
    });
    const chained = lines.map(
      (line) => JSON.parse(chainLine(line, { hash: hashOf("x"), torn: [hashOf("y")] }).text) as object,
    );
    expect(chained.map((line) => validate(line))).toEqual(lines.map(() => true));
    expect(validate({ ...chained[0], phase: "after" })).toBe(false);
  });

  test("docs/audit.schema.json is the constant", async () => {
    const file = "audit.schema.json";
    const options = { ...(await resolveConfig("docs/audit.schema.json")), filepath: file };
    expectGolden({ case: "../../docs", file }, await format(JSON.stringify(auditSchema), options));
  });
});

describe("a log that takes no more lines", () => {
  test("lets nothing be sent", async () => {
    const server = await applied(company, { onAudit: () => "the disk is full" });
    expect(server.requests).toEqual([]);
  });

  test("ends the run after the write whose outcome it did not take", async () => {
    const server = await applied(company, {
      onAudit: ({ phase }) => (phase === "after" ? "the disk is full" : undefined),
    });
    expect(server.requests).toHaveLength(1);
  });
});
