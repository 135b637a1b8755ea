import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import type { Outcome } from "../../../src/apply/outcome.ts";
import type { AuditLine } from "../../../src/apply/audit.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import type { Realm } from "../../../src/model/access-state.ts";
import { Secret } from "../../../src/model/secret.ts";
import { resolved } from "../../../src/secrets/resolved.ts";
import { aRealm, aRealmId } from "../../support/builders.ts";
import {
  aDesiredState,
  aLiveState,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";
import { aServer, type FakeServer, type Misfortune } from "../../support/fake-doors.ts";

const needed = { base_dn: "d", server1: "h", user_attr: "uid" };
const corp: Realm = { ...aRealm("corp", "ldap"), options: needed };
const wanted: TerseDesired = {
  realms: {
    corp: { type: "ldap", options: { ...needed, port: 636 }, secrets: { password: "ROLECALL_SECRET_LDAP" } },
  },
};

interface Applied {
  readonly server: FakeServer;
  readonly outcomes: readonly Outcome[];
}

async function apply(
  desired: TerseDesired,
  live: TerseLive,
  { before, ...misfortune }: Misfortune & { readonly before?: (server: FakeServer) => void } = {},
  asked: readonly string[] = [],
): Promise<Applied> {
  const plan = planBetween(aDesiredState(desired), aLiveState(live), {
    askedRealms: new Set(asked.map(aRealmId)),
  });
  const server = aServer(plan.before, misfortune);
  const { secrets, problems } = await prepareApply(plan, server.doors);
  expect(problems).toEqual([]);
  before?.(server);
  return { server, outcomes: await applyPlan(plan, secrets, server.doors, new AbortController().signal) };
}

describe("a change of a realm", () => {
  test("is sent with the digest that the realm was read with right before", async () => {
    const { server, outcomes } = await apply(wanted, { realms: [corp] });
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(server.log).toEqual(["read-realm", "update-realm"]);
    expect(server.requests).toMatchObject([
      { method: "PUT", path: "/access/domains/corp", parameters: { port: "636", digest: "d1gest" } },
    ]);
    expect(Object.keys(server.requests[0]?.parameters ?? {})).toEqual(["port", "digest"]);
  });

  test("is not sent where somebody else changed the realm meanwhile", async () => {
    const meddle = (server: FakeServer): void =>
      server.meddle({
        kind: "update-realm",
        id: corp.id,
        type: "ldap",
        expected: needed,
        set: { server1: "evil" },
        remove: [],
        secrets: {},
      });
    const { server, outcomes } = await apply(wanted, { realms: [corp] }, { before: meddle });
    expect(outcomes).toMatchObject([
      { status: "failed", error: expect.stringContaining("somebody else changed realm corp") },
    ]);
    expect(server.requests).toEqual([]);
  });

  test("is sent once more where its answer was lost and it did not happen, with a digest of its own", async () => {
    const { server, outcomes } = await apply(
      wanted,
      { realms: [corp] },
      {
        onWrite: (_, before) => (before === 0 ? { kind: "ambiguous" } : undefined),
      },
    );
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(server.log).toEqual(["read-realm", "update-realm", "read", "read-realm", "update-realm"]);
  });

  test("of which only the secret is new is sent once more: nobody can see whether it arrived", async () => {
    const { server, outcomes } = await apply(
      { realms: { corp: { type: "ldap", secrets: { password: "ROLECALL_SECRET_LDAP" } } } },
      { realms: [corp] },
      { onWrite: (_, before) => (before === 0 ? { kind: "ambiguous", happens: true } : undefined) },
      ["corp"],
    );
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(server.requests).toHaveLength(2);
  });
});

test("options and a secret whose answer was lost are sent once more, though the options are there", async () => {
  const { server, outcomes } = await apply(
    wanted,
    { realms: [corp] },
    { onWrite: (_, before) => (before === 0 ? { kind: "ambiguous", happens: true } : undefined) },
    ["corp"],
  );
  expect(outcomes).toMatchObject([{ status: "applied" }]);
  expect(server.requests).toHaveLength(2);
});

test("a secret whose answer was lost, and whose second try is refused, is not told as failed: the first may be there", async () => {
  const { outcomes } = await apply(
    { realms: { corp: { type: "ldap", secrets: { password: "ROLECALL_SECRET_LDAP" } } } },
    { realms: [corp] },
    {
      onWrite: (_, before) =>
        before === 0 ? { kind: "ambiguous", happens: true } : { kind: "failed", words: "no quorum!" },
    },
    ["corp"],
  );
  expect(outcomes).toMatchObject([{ status: "unconfirmed", error: expect.stringContaining("no quorum!") }]);
});

test("a new realm whose answer was lost is there or not", async () => {
  const { server, outcomes } = await apply(
    wanted,
    {},
    {
      onWrite: () => ({ kind: "ambiguous", happens: true }),
    },
  );
  expect(outcomes).toMatchObject([{ status: "applied" }]);
  expect(server.requests).toHaveLength(1);
});

test("where a realm can't be made, its users and its job wait", async () => {
  const { outcomes } = await apply(
    {
      scope: { directories: ["corp"] },
      users: { "anna@corp": {}, "joe@pve": {} },
      realms: {
        corp: {
          type: "ldap",
          options: needed,
          sync: { schedule: "daily", scope: "both", removeVanished: "none", enabled: true },
        },
      },
    },
    {},
    { onWrite: ({ kind }) => (kind === "create-realm" ? { kind: "failed", words: "no" } : undefined) },
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["failed", "not-attempted", "applied"]);
});

test("a realm stays where one of its users could not be deleted", async () => {
  const { outcomes, server } = await apply(
    { prune: { realms: true, users: true }, users: { "joe@pve": {} }, realms: { pve: { type: "pve" } } },
    { users: ["anna@corp"], realms: [corp, { ...aRealm("pve", "pve"), options: {} }] },
    { onWrite: ({ kind }) => (kind === "delete-user" ? { kind: "failed", words: "no" } : undefined) },
  );
  expect(outcomes.filter(({ status }) => status === "failed")).toHaveLength(1);
  expect(server.log).not.toContain("delete-realm");
});

describe("a key that stands in an option", () => {
  const desired = aDesiredState({
    realms: {
      corp: {
        type: "ldap",
        options: { tfa: "id=1,type=yubico" },
        secrets: { "tfa-key": "ROLECALL_SECRET_YUBICO" },
      },
    },
  });
  const plan = planBetween(desired, aLiveState({ realms: [corp] }));

  function doorsWith(key: string): FakeServer {
    const server = aServer(plan.before);
    return {
      ...server,
      doors: { ...server.doors, secretFor: () => Promise.resolve(resolved(new Secret(key))) },
    };
  }

  test("is sent with all of it, and stands nowhere else", async () => {
    const lines: AuditLine[] = [];
    const server = doorsWith("k3y+/=");
    const { secrets } = await prepareApply(plan, server.doors);
    const append = (line: AuditLine): Promise<void> => {
      lines.push(line);
      return Promise.resolve();
    };
    const doors = { ...server.doors, audit: { ...server.doors.audit, append } };
    const outcomes = await applyPlan(plan, secrets, doors, new AbortController().signal);
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    const sent = server.requests[0]?.parameters["tfa"];
    expect(sent instanceof Secret && sent.reveal()).toBe("id=1,type=yubico,key=k3y+/=");
    expect(lines[0]?.operation.parameters["tfa"]).toEqual({
      startsWith: "id=1,type=yubico,key=",
      endsInSecret: "env ROLECALL_SECRET_YUBICO",
    });
    expect(JSON.stringify([plan.changes, plan.operations, lines])).not.toContain("k3y");
  });

  test.each([
    ["says more than a key", "k3y,url=https://elsewhere", "holds a blank or a comma"],
    ["has two lines", "k3y\nmore", "holds a blank or a comma"],
    ["is longer than the server takes", "k".repeat(108), "more than the 128 characters"],
  ])("is refused before anything is written where it %s", async (_, key, said) => {
    const { problems } = await prepareApply(plan, doorsWith(key).doors);
    expect(problems).toMatchObject([{ code: "secret-unfit", message: expect.stringContaining(said) }]);
    expect(JSON.stringify(problems)).not.toMatch(/k3y|kkk/u);
  });

  test("fits where it ends exactly there", async () => {
    const { problems } = await prepareApply(plan, doorsWith("k".repeat(107)).doors);
    expect(problems).toEqual([]);
  });
});
