import { describe, expect, test } from "@jest/globals";
import type { Lifetime } from "../../../src/model/lifetime.ts";
import { renewalReason, rotationsOf, settledExpiry } from "../../../src/plan/renewal.ts";
import { aToken, aTokenId } from "../../support/builders.ts";
import { aDesiredState } from "../../support/desired-builders.ts";

const now = 1_800_000_000;
const day = 86_400;
const id = aTokenId("ci@pve!deploy");
const lifetime: Lifetime = { seconds: 90 * day, renewBeforeSeconds: 15 * day };
const ground = { nowSeconds: now, asked: new Set<typeof id>(), notInSink: new Set<typeof id>() };

describe("why a token needs a new secret", () => {
  test.each<[string, number | Lifetime | undefined, number, string | undefined]>([
    ["as declared", now + 90 * day, now + 90 * day, undefined],
    ["never, as declared", 0, 0, undefined],
    ["later than declared", now + day, now + 2 * day, undefined],
    ["never, where an end is declared", now + day, 0, undefined],
    ["earlier than declared", now + 90 * day, now + 30 * day, "earlier"],
    ["an end, where none is declared", 0, now + 30 * day, "earlier"],
    ["within the hour, where a later end is declared", 0, now + 3600, "undelivered"],
    ["ended, where a later end is declared", 0, now - day, "undelivered"],
    ["earlier than an end that is over", now - day, now - 2 * day, undefined],
    ["unmanaged", undefined, now + 60, undefined],
    ["a lifetime, fresh", lifetime, now + 90 * day, undefined],
    ["a lifetime, one second before it is due", lifetime, now + 15 * day + 1, undefined],
    ["a lifetime, due", lifetime, now + 15 * day, "due"],
    ["a lifetime, within its last hour", lifetime, now + 3600, "undelivered"],
    ["a lifetime, over", lifetime, now - 1, "undelivered"],
    ["a lifetime, and never on the server", lifetime, 0, undefined],
  ])("%s", (_, expire, live, reason) => {
    const desired = { id, ...(expire !== undefined && { expire }) };
    expect(renewalReason(desired, aToken(id, { expire: live }), ground)).toBe(reason);
  });

  test("a person's wish comes first, a sink's lack last", () => {
    const live = aToken(id, { expire: 0 });
    const listed = new Set([id]);
    expect(renewalReason({ id, expire: 0 }, live, { ...ground, asked: listed, notInSink: listed })).toBe(
      "asked",
    );
    expect(renewalReason({ id, expire: 0 }, live, { ...ground, notInSink: listed })).toBe("not-in-sink");
    const due = aToken(id, { expire: now + day });
    expect(renewalReason({ id, expire: lifetime }, due, { ...ground, notInSink: listed })).toBe("due");
  });
});

describe("the expiry that a token should have", () => {
  test.each<[string, number | undefined, "new" | "kept", number, boolean]>([
    ["of a token to be", undefined, "kept", now + 90 * day, true],
    ["of a new secret", now + 10 * day, "new", now + 90 * day, true],
    ["stays while the secret does", now + 40 * day, "kept", now + 40 * day, false],
    [
      "stays where another machine's clock is ahead",
      now + 90 * day + 3600,
      "kept",
      now + 90 * day + 3600,
      false,
    ],
    ["is lowered where it is longer", now + 91 * day, "kept", now + 90 * day, true],
    ["is lowered where it is never", 0, "kept", now + 90 * day, true],
  ])("%s", (_, live, secret, expire, fromNow) => {
    const token = live === undefined ? undefined : aToken(id, { expire: live });
    expect(settledExpiry(lifetime, token, now, secret)).toEqual({ expire, fromNow });
  });
});

describe("when the next secrets are made", () => {
  const { tokens } = aDesiredState({
    tokens: {
      "a@pve!late": { expire: lifetime },
      "a@pve!soon": { expire: lifetime },
      "a@pve!fixed": { expire: now + day },
      "a@pve!new": { expire: lifetime },
      "a@pve!gone": { expire: lifetime, ensure: "absent" },
    },
  });
  const live = new Map(
    [
      aToken("a@pve!late", { expire: now + 80 * day }),
      aToken("a@pve!soon", { expire: now + 20 * day }),
      aToken("a@pve!fixed", { expire: now + day }),
      aToken("a@pve!gone", { expire: now + 30 * day }),
    ].map((token) => [token.id, token] as const),
  );

  test("is told of every token with a lifetime, the next first", () => {
    expect(rotationsOf(tokens, live)).toEqual([
      { token: "a@pve!soon", expire: now + 20 * day, rotatesAt: now + 5 * day },
      { token: "a@pve!late", expire: now + 80 * day, rotatesAt: now + 65 * day },
    ]);
  });
});
