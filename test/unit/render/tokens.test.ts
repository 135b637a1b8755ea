import { test } from "@jest/globals";
import type { Lifetime } from "../../../src/model/lifetime.ts";
import { listTokens } from "../../../src/plan/token-list.ts";
import type { TokensReport } from "../../../src/reconcile/token-passes.ts";
import { renderTokens, renderTokensJson, renderVerified } from "../../../src/render/tokens.ts";
import { plain } from "../../../src/support/palette.ts";
import { aToken, aUser } from "../../support/builders.ts";
import { aDelivery, aDesiredState, aLiveState, planInstant as now } from "../../support/desired-builders.ts";
import { expectGolden } from "../../support/golden.ts";

const day = 86_400;
const lifetime: Lifetime = { seconds: 90 * day, renewBeforeSeconds: 15 * day };
const deliveries = [aDelivery()];
const tokens = listTokens(
  aDesiredState({
    tokens: {
      "ci@pve!deploy": { expire: lifetime, deliveries },
      "ci@pve!due": { expire: lifetime, deliveries: [aDelivery("due")] },
      "ci@pve!lost": { expire: 0, deliveries: [aDelivery("lost")] },
      "ci@pve!new": { expire: 0, deliveries: [aDelivery("new")] },
      "early@pve!ci": { expire: 0, deliveries: [aDelivery("early")] },
      "gone@pve!a1": { expire: 0 },
      "ci@pve!hands-off": { ensure: "ignored", deliveries: [] },
      "ci@pve!old": { ensure: "absent", deliveries: [] },
      "ci@pve!never": { ensure: "absent", deliveries: [] },
    },
  }),
  aLiveState({
    users: ["ci@pve", aUser("gone@pve", { enabled: false })],
    tokens: [
      aToken("ci@pve!deploy", { expire: now + 80 * day }),
      aToken("ci@pve!due", { expire: now + 10 * day }),
      aToken("ci@pve!lost", { expire: now + 600 }),
      aToken("gone@pve!a1"),
      aToken("ci@pve!hands-off"),
      aToken("ci@pve!old"),
      aToken("ci@pve!stranger"),
    ],
  }),
  now,
);
const office = { name: "office", product: "pve", version: "9.2.11" } as const;
const listed: readonly TokensReport[] = [
  { ...office, status: "ok", tokens },
  { name: "lab", product: "pve", status: "ok", version: "8.4.5", tokens: [] },
  {
    name: "down",
    product: "pve",
    status: "unreachable",
    error: { code: "server-unreachable", message: "connection refused", hint: "is it on?" },
  },
];
const verified: readonly TokensReport[] = [
  {
    ...office,
    status: "ok",
    tokens: tokens
      .filter(({ sinks }) => sinks.length > 0)
      .map((row, index) => ({
        ...row,
        held: [
          { sink: "ci", place: "sinks/ci/x", state: index === 1 ? "refused" : "accepted" } as const,
          ...(index === 2
            ? [{ sink: "two", place: "there", state: "missing", message: "there is not there" } as const]
            : []),
          ...(index === 4
            ? [{ sink: "ci", place: "z", state: "missing", message: "z is taken", occupied: true } as const]
            : []),
          ...(index === 3
            ? [{ sink: "age", place: "y", state: "unknown", message: "can't be read back" } as const]
            : []),
        ],
      })),
  },
];

test.each([
  ["list.txt", renderTokens(listed, plain)],
  ["list.json", renderTokensJson(listed)],
  ["verified.txt", renderVerified(verified, plain)],
  ["verified.json", renderTokensJson(verified)],
])("tokens, %s", (file, text) => expectGolden({ case: "tokens", file }, text));
