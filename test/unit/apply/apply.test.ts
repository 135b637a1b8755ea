import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import type { Outcome } from "../../../src/apply/outcome.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import { canonicalState } from "../../../src/plan/compare.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { ApiErrorKind } from "../../../src/proxmox/api-error.ts";
import type { Credentials } from "../../../src/model/target.ts";
import { aState, aToken, aUserId } from "../../support/builders.ts";
import {
  aDelivery,
  aDesiredState,
  aPlan,
  aReadOf,
  changesOf,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";
import { aServer, type FakeServer, type Misfortune, type Mishap } from "../../support/fake-doors.ts";

interface Applied {
  readonly plan: Plan;
  readonly server: FakeServer;
  readonly outcomes: readonly Outcome[];
  /** `applied User joe@pve` */
  readonly told: readonly string[];
}

async function applied(
  desired: TerseDesired,
  live: TerseLive = {},
  misfortune: Misfortune = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Applied> {
  const plan = aPlan(desired, live);
  const server = aServer(plan.before, misfortune);
  const { secrets } = await prepareApply(plan, server.doors);
  const outcomes = await applyPlan(plan, secrets, server.doors, signal);
  const told = outcomes.map(
    ({ change, status }) => `${status} ${plan.changes[change]?.kind} ${plan.changes[change]?.name}`,
  );
  return { plan, server, outcomes, told };
}

/** The mishap of every write of these kinds. */
function failing(kinds: readonly string[], mishap: Mishap): Misfortune {
  return { onWrite: (write) => (kinds.includes(write.kind) ? mishap : undefined) };
}

const company: TerseDesired = {
  roles: { Operator: ["VM.Console"] },
  groups: { ops: {}, day: {} },
  users: {
    "joe@pve": { groups: ["ops"] },
    "ann@pve": {
      groups: ["day"],
      password: { origin: { kind: "given", from: { source: "env", name: "P" } }, policy: "initial" },
    },
  },
  tokens: { "joe@pve!ci": { expire: 5_000_000, deliveries: [aDelivery()] } },
  acl: [
    ["/vms", "group:ops", ["Operator"]],
    ["/", "group:day", ["PVEAuditor"]],
    ["/vms", "token:joe@pve!ci", ["Operator"]],
  ],
};

describe("a plan that goes well", () => {
  test("is applied whole, and leads to where it says", async () => {
    const { plan, server, outcomes } = await applied(company);
    expect(outcomes).toEqual(plan.changes.map((_, change) => ({ change, status: "applied" })));
    expect(canonicalState(server.state())).toBe(canonicalState(plan.after));
    expect(planBetween(aDesiredState(company), aReadOf(server.state())).changes).toEqual([]);
  });

  test("hands a password on as a secret, and a new token an hour from now", async () => {
    const { server } = await applied(company);
    const password = server.requests.find(({ parameters }) => parameters["userid"] === "ann@pve")?.parameters[
      "password"
    ];
    expect(typeof password === "object" && password.reveal()).toBe("a-password");
    const created = server.requests.find(({ path }) => path.includes("/token/"));
    expect(created?.parameters["expire"]).toBe("4600");
  });

  test("proves a sink right before the token is made, and confirms it once the secret is delivered", async () => {
    const { server } = await applied({ users: {}, tokens: company.tokens ?? {} }, { users: ["joe@pve"] });
    expect(server.log).toEqual(["prove", "prove", "create-token", "deliver", "update-token"]);
  });
});

describe("a write that the server refuses", () => {
  test.each<ApiErrorKind>(["forbidden", "invalid", "failed", "busy"])(
    "%s: what depends on it is not tried, the rest is",
    async (kind) => {
      const misfortune: Misfortune = {
        onWrite: (write) =>
          write.kind === "create-group" && write.group.id === "ops" ? { kind } : undefined,
      };
      const { told, outcomes, plan } = await applied(company, {}, misfortune);
      expect(told).toEqual([
        "applied Role Operator",
        "applied Group day",
        "failed Group ops",
        "applied User ann@pve",
        "not-attempted User joe@pve",
        "not-attempted Token joe@pve!ci",
        "applied ACL / group:day",
        "not-attempted ACL /vms group:ops",
        "not-attempted ACL /vms token:joe@pve!ci",
      ]);
      expect(outcomes).toHaveLength(plan.changes.length);
      expect(outcomes.filter(({ status, error }) => status !== "applied" && error === undefined)).toEqual([]);
    },
  );

  test("subjects that share a request don't stop each other", async () => {
    const names = ["a", "b", "c"];
    const misfortune: Misfortune = {
      onWrite: (write) =>
        write.kind === "create-group" && write.group.id === "b" ? { kind: "failed" } : undefined,
    };
    const { told, server } = await applied(
      {
        groups: Object.fromEntries(names.map((id) => [id, {}])),
        acl: names.map((id) => ["/", `group:${id}`, ["PVEAuditor"]] as const),
      },
      {},
      misfortune,
    );
    expect(told.slice(3)).toEqual([
      "applied ACL / group:a",
      "not-attempted ACL / group:b",
      "applied ACL / group:c",
    ]);
    expect(server.requests.at(-1)?.parameters).toMatchObject({ groups: "a,c" });
  });

  test("a role that failed is granted to nobody", async () => {
    const { told } = await applied(company, {}, failing(["create-role"], { kind: "failed" }));
    expect(told.filter((one) => !one.startsWith("applied"))).toEqual([
      "failed Role Operator",
      "not-attempted ACL /vms group:ops",
      "not-attempted ACL /vms token:joe@pve!ci",
    ]);
  });

  test("nothing is taken away that was to be replaced: no gap", async () => {
    const { told, server } = await applied(
      { acl: [["/", "group:ops", ["PVEAdmin"]]] },
      { groups: { ops: [] }, acl: [["/", "group:ops", "PVEAuditor"]] },
      failing(["grant"], { kind: "failed" }),
    );
    expect(server.log).toEqual(["grant"]);
    expect(told).toEqual(["failed ACL / group:ops"]);
  });

  test("a user who goes does not wait for somebody else's mistake", async () => {
    const { told } = await applied(
      { users: { "joe@pve": { ensure: "absent" } }, acl: [["/", "group:ops", ["PVEAdmin"]]] },
      { users: ["joe@pve"], groups: { ops: ["joe@pve"] }, acl: [["/", "group:ops", "PVEAuditor"]] },
      failing(["grant", "revoke"], { kind: "failed" }),
    );
    expect(told).toEqual(["failed ACL / group:ops", "applied User joe@pve"]);
  });

  test("what was done in part is told so", async () => {
    const { told, outcomes } = await applied(
      { acl: [["/", "group:ops", ["PVEAdmin"]]] },
      { groups: { ops: [] }, acl: [["/", "group:ops", "PVEAuditor"]] },
      failing(["revoke"], { kind: "failed", words: "no quorum" }),
    );
    expect(told).toEqual(["failed ACL / group:ops"]);
    expect(outcomes[0]?.error).toMatch(/^done in part: no quorum/u);
  });

  test.each<[string, TerseDesired, TerseLive, string]>([
    [
      "user",
      { users: { "joe@pve": { ensure: "absent" } } },
      { users: ["joe@pve"] },
      "delete user failed: no such user ('joe@pve')",
    ],
    [
      "group",
      { groups: { ops: { ensure: "absent" } } },
      { groups: { ops: [] } },
      "delete group failed: group 'ops' does not exist",
    ],
    [
      "role",
      { roles: { R: { ensure: "absent" } } },
      { roles: { R: [] } },
      "delete role failed: role 'R' does not exist",
    ],
    [
      "token",
      { tokens: { "joe@pve!ci": { ensure: "absent" } } },
      { users: ["joe@pve"], tokens: ["joe@pve!ci"] },
      "deleting token failed: no such token 'ci' for user 'joe@pve'",
    ],
  ])(
    "a %s that somebody deleted meanwhile is gone, which is what was asked for",
    async (_, desired, live, words) => {
      const kinds = ["delete-user", "delete-group", "delete-role", "delete-token"];
      const { outcomes } = await applied(desired, live, failing(kinds, { kind: "failed", words }));
      expect(outcomes).toEqual([{ change: 0, status: "applied" }]);
    },
  );
});

describe("a server that is not there any more", () => {
  test.each<ApiErrorKind>(["unreachable", "tls", "unauthenticated"])(
    "%s: nothing further is tried",
    async (kind) => {
      const { told, server } = await applied(company, {}, failing(["create-user"], { kind }));
      expect(server.log.filter((entry) => entry !== "prove")).toEqual([
        "create-role",
        "create-group",
        "create-group",
        "create-user",
      ]);
      expect(told.map((one) => one.split(" ")[0])).toEqual([
        ...["applied", "applied", "applied", "failed"],
        ...["not-attempted", "not-attempted", "not-attempted", "not-attempted", "not-attempted"],
      ]);
    },
  );
});

describe("an answer that was lost", () => {
  const one: TerseDesired = { users: { "joe@pve": { comment: "x" } }, groups: { ops: {} } };
  const sent = (kind: string, mishaps: readonly (Mishap | undefined)[]): Misfortune => ({
    onWrite: (write, before) => (write.kind === kind ? mishaps[before] : undefined),
  });

  test.each<[string, Misfortune, readonly string[], string]>([
    [
      "had been done",
      sent("create-user", [{ kind: "ambiguous", happens: true }]),
      ["create-user", "read"],
      "applied",
    ],
    [
      "came in an unknown form, had been done",
      sent("create-user", [{ kind: "malformed", happens: true }]),
      ["create-user", "read"],
      "applied",
    ],
    [
      "had not been done, and is sent once more",
      sent("create-user", [{ kind: "ambiguous" }]),
      ["create-user", "read", "create-user"],
      "applied",
    ],
    [
      "had not been done, and is refused then",
      sent("create-user", [{ kind: "ambiguous" }, { kind: "forbidden" }]),
      ["create-user", "read", "create-user", "read"],
      "failed",
    ],
    [
      "was done late, so that the second is refused",
      sent("create-user", [{ kind: "ambiguous" }, { kind: "failed", happens: true }]),
      ["create-user", "read", "create-user", "read"],
      "applied",
    ],
    [
      "is lost again",
      sent("create-user", [{ kind: "ambiguous" }, { kind: "ambiguous" }]),
      ["create-user", "read", "create-user", "read"],
      "unconfirmed",
    ],
    [
      "cannot be asked for",
      { ...sent("create-user", [{ kind: "ambiguous", happens: true }]), onReadBack: () => "ambiguous" },
      ["create-user", "read"],
      "unconfirmed",
    ],
  ])("of a write that %s", async (_, misfortune, log, status) => {
    const { server, outcomes } = await applied(one, {}, misfortune);
    expect(server.log).toEqual(["create-group", ...log]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["applied", status]);
  });

  test.each<[string, TerseDesired, TerseLive]>([
    [
      "update-user",
      { users: { "joe@pve": { comment: "y", groups: [] } } },
      { users: ["joe@pve"], groups: { ops: ["joe@pve"] } },
    ],
    ["delete-user", { users: { "joe@pve": { ensure: "absent" } } }, { users: ["joe@pve"] }],
    ["grant", { acl: [["/", "group:ops", ["PVEAuditor"]]] }, { groups: { ops: [] } }],
    [
      "revoke",
      { acl: [["/", "group:ops", "absent"]] },
      { groups: { ops: [] }, acl: [["/", "group:ops", "PVEAuditor"]] },
    ],
    ["update-role", { roles: { R: ["VM.Audit"] } }, { roles: { R: [] } }],
    ["update-group", { groups: { ops: { comment: "x" } } }, { groups: { ops: [] } }],
  ])("of %s that happened is not sent again", async (kind, desired, live) => {
    const { server, outcomes } = await applied(
      desired,
      live,
      sent(kind, [{ kind: "ambiguous", happens: true }]),
    );
    expect(server.log).toEqual([kind, "read"]);
    expect(outcomes).toEqual([{ change: 0, status: "applied" }]);
  });

  test("nothing further is tried where the server cannot be read either", async () => {
    const { server, told } = await applied(
      company,
      {},
      {
        ...sent("create-group", [{ kind: "ambiguous" }]),
        onReadBack: () => "unreachable",
      },
    );
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(["create-role", "create-group", "read"]);
    expect(told.slice(0, 3)).toEqual([
      "applied Role Operator",
      "unconfirmed Group day",
      "not-attempted Group ops",
    ]);
  });
});

describe("a token's secret", () => {
  const desired: TerseDesired = {
    tokens: { "joe@pve!ci": { expire: 0, deliveries: [aDelivery()] } },
    acl: [["/", "token:joe@pve!ci", ["PVEAuditor"]]],
  };
  const live: TerseLive = { users: ["joe@pve"] };

  test.each<[string, Misfortune, readonly string[]]>([
    ["that no sink would take is never asked for", { sink: "unprovable" }, []],
    ["that was not delivered is not confirmed", { sink: "full" }, ["create-token", "deliver"]],
    ["that the answer does not hold is not confirmed", { tokenAnswer: {} }, ["create-token"]],
    [
      "that was lost with its answer is not confirmed",
      failing(["create-token"], { kind: "ambiguous", happens: true }),
      ["create-token", "read"],
    ],
  ])("%s, and nothing is granted to the token", async (_, misfortune, log) => {
    const { told, server } = await applied(desired, live, misfortune);
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(log);
    expect(told).toEqual(["failed Token joe@pve!ci", "not-attempted ACL / token:joe@pve!ci"]);
  });

  test("that was lost with its answer counts as written, since the token is there", async () => {
    const { outcomes } = await applied(
      desired,
      live,
      failing(["create-token"], { kind: "ambiguous", happens: true }),
    );
    expect(outcomes[0]).toMatchObject({ status: "failed", written: true });
  });

  test("that was never made is asked for again", async () => {
    const misfortune: Misfortune = {
      onWrite: (write, before) =>
        write.kind === "create-token" && before === 0 ? { kind: "ambiguous" } : undefined,
    };
    const { told, server } = await applied(desired, live, misfortune);
    expect(server.log).toContain("deliver");
    expect(told).toEqual(["applied Token joe@pve!ci", "applied ACL / token:joe@pve!ci"]);
  });

  test("whose fate is unknown after a new one was asked for is not confirmed", async () => {
    const { told } = await applied(
      { tokens: { "joe@pve!ci": { expire: 0, deliveries: [aDelivery()] } } },
      { ...live, tokens: [{ ...[...aState({ tokens: ["joe@pve!ci"] }).tokens.values()][0]!, expire: 9 }] },
      failing(["reissue-token"], { kind: "ambiguous", happens: true }),
    );
    expect(told).toEqual(["failed Token joe@pve!ci"]);
  });

  const two = {
    ...desired,
    tokens: { "joe@pve!ci": { expire: 0, deliveries: [aDelivery("a"), aDelivery("b")] } },
  };
  test.each<[string, Misfortune, readonly string[]]>([
    [
      "is never asked for where one of two sinks would not take it",
      { sink: "unprovable", sinkAt: "b.env" },
      [],
    ],
    [
      "is not confirmed where one of two sinks did not take it, though the other has it",
      { sink: "full", sinkAt: "a.env" },
      ["create-token", "deliver", "deliver"],
    ],
  ])("%s", async (_, misfortune, log) => {
    const { told, server } = await applied(two, live, misfortune);
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(log);
    expect(told[0]).toBe("failed Token joe@pve!ci");
  });

  test("goes to every sink", async () => {
    const { told, server } = await applied(two, live);
    expect(server.log.filter((entry) => entry === "deliver")).toHaveLength(2);
    expect(told[0]).toBe("applied Token joe@pve!ci");
  });

  test("appears in no outcome", async () => {
    const { outcomes } = await applied(desired, live, { sink: "full" });
    expect(JSON.stringify(outcomes)).not.toContain("the-secret");
  });
});

describe("a generated password", () => {
  const withSinks = (deliveries: readonly SecretDelivery[]): TerseDesired => ({
    users: {
      "joe@pve": { password: { origin: { kind: "generated", length: 20, deliveries }, policy: "initial" } },
    },
  });
  const two = [aDelivery("a"), aDelivery("b")];

  test("is in every sink before the user is there, and is the one that the user gets", async () => {
    const { told, server } = await applied(withSinks(two));
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(["deliver", "deliver", "create-user"]);
    expect(told).toEqual(["applied User joe@pve"]);
    const { password } = server.requests[0]?.parameters ?? {};
    expect(password instanceof Secret ? password.reveal() : password).toBe("g".repeat(20));
  });

  test.each<[string, Misfortune, readonly string[]]>([
    ["would not take it", { sink: "unprovable", sinkAt: "b.env" }, []],
    ["did not take it", { sink: "full", sinkAt: "b.env" }, ["deliver", "deliver"]],
  ])("a user is not created where one sink %s", async (_, misfortune, log) => {
    const { told, server } = await applied(withSinks(two), {}, misfortune);
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(log);
    expect(told).toEqual(["failed User joe@pve"]);
  });

  test("stays the same where the answer is lost and the write is sent once more", async () => {
    const misfortune: Misfortune = {
      onWrite: (_write, before) => (before === 0 ? { kind: "ambiguous" } : undefined),
    };
    const { told, server } = await applied(withSinks([aDelivery()]), {}, misfortune);
    expect(server.log.filter((entry) => entry === "deliver")).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]).toEqual(server.requests[1]);
    expect(told).toEqual(["applied User joe@pve"]);
  });

  test("is of no use where the server refuses the user, which is said", async () => {
    const { outcomes } = await applied(
      withSinks([aDelivery()]),
      {},
      failing(["create-user"], { kind: "failed" }),
    );
    expect(outcomes[0]?.error).toContain("of no use");
  });
});

describe("an interruption", () => {
  /** Aborted while the given write is in flight. */
  async function interruptedAt(kind: string): Promise<Applied> {
    const controller = new AbortController();
    const onProgress: Misfortune["onProgress"] = (_done, _total, operation) => {
      if (operation.kind === kind) controller.abort();
    };
    return applied(company, {}, { onProgress }, controller.signal);
  }

  test("finishes the write in flight, and tries nothing further", async () => {
    const { told, server } = await interruptedAt("create-group");
    expect(server.log.filter((entry) => entry !== "prove")).toEqual(["create-role", "create-group"]);
    expect(told.slice(0, 3)).toEqual([
      "applied Role Operator",
      "applied Group day",
      "not-attempted Group ops",
    ]);
  });

  test("never comes between a token's creation and its confirmation", async () => {
    const { told, server } = await interruptedAt("create-token");
    expect(server.log.slice(-3)).toEqual(["create-token", "deliver", "update-token"]);
    expect(told.filter((one) => one.includes(" Token "))).toEqual(["applied Token joe@pve!ci"]);
    expect(told.filter((one) => one.includes(" ACL ")).every((one) => one.startsWith("not-attempted"))).toBe(
      true,
    );
  });

  test("before the first write leaves everything as it is", async () => {
    const controller = new AbortController();
    controller.abort();
    const { outcomes, server } = await applied(company, {}, {}, controller.signal);
    expect(server.requests).toEqual([]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["not-attempted"]));
  });
});

describe("what no write carries out", () => {
  test("a held change is not attempted", async () => {
    const { plan, outcomes } = await applied(
      { roles: { Bad: ["VM.Monitor"], Good: [] } },
      { lacks: ["VM.Monitor"] },
    );
    expect(changesOf(plan)).toEqual(["(create Role Bad)", "create Role Good"]);
    expect(outcomes.map(({ status }) => status)).toEqual(["not-attempted", "applied"]);
  });

  test("nor is a token that has no sink", async () => {
    const { outcomes } = await applied({ tokens: { "joe@pve!ci": {} } }, { users: ["joe@pve"] });
    expect(outcomes.map(({ status }) => status)).toEqual(["not-attempted"]);
  });
});

describe("a new secret for a token that lives", () => {
  const desired: TerseDesired = { tokens: { "joe@pve!ci": { expire: 0, deliveries: [aDelivery()] } } };
  const live: TerseLive = { users: ["joe@pve"], tokens: [aToken("joe@pve!ci", { expire: 5 })] };
  const lost = (happens: boolean): Misfortune => ({
    onWrite: ({ kind }, before) =>
      kind === "reissue-token" && before === 0 ? { kind: "ambiguous", happens } : undefined,
  });

  test("is asked for once more where the expiry shows that it was not made", async () => {
    const { told, server } = await applied(desired, live, lost(false));
    expect(told).toEqual(["applied Token joe@pve!ci"]);
    expect(server.log.filter((entry) => entry === "reissue-token")).toHaveLength(2);
  });

  test("is lost with its answer, and never asked for again, where it was", async () => {
    const { outcomes, server } = await applied(desired, live, lost(true));
    expect(outcomes).toMatchObject([{ status: "failed", error: expect.stringContaining("is lost") }]);
    expect(server.log.filter((entry) => entry === "reissue-token")).toHaveLength(1);
    expect(server.log).not.toContain("update-token");
  });
});

describe("a token that is made again", () => {
  const desired: TerseDesired = {
    tokens: { "joe@pve!ci": { expire: 0, rotation: "replace", deliveries: [aDelivery()] } },
    acl: [["/vms", "token:joe@pve!ci", ["PVEAuditor"]]],
  };
  const live: TerseLive = {
    users: ["joe@pve"],
    tokens: [aToken("joe@pve!ci", { expire: 5 })],
    acl: [["/vms", "token:joe@pve!ci", "PVEAuditor"]],
    version: "8.4.5",
  };

  test("is deleted, made, delivered, confirmed and granted again", async () => {
    const { told, server } = await applied(desired, live);
    expect(told).toEqual(["applied Token joe@pve!ci"]);
    const writes = server.log.filter((entry) => entry !== "prove");
    expect(writes).toEqual(["delete-token", "create-token", "deliver", "update-token", "grant"]);
  });

  test("is not made where it could not be deleted", async () => {
    const { told, server } = await applied(desired, live, failing(["delete-token"], { kind: "failed" }));
    expect(told).toEqual(["failed Token joe@pve!ci"]);
    expect(server.log).not.toContain("create-token");
  });

  test("is not left deleted by an interruption", async () => {
    const controller = new AbortController();
    const { server, outcomes } = await applied(
      desired,
      live,
      {
        onProgress: (_, __, { kind }) => {
          if (kind === "delete-token") controller.abort();
        },
      },
      controller.signal,
    );
    expect(server.log).toContain("update-token");
    expect(server.state().tokens.size).toBe(1);
    expect(outcomes).toMatchObject([{ status: "failed", written: true }]);
  });
});

describe("a new secret for the caller itself", () => {
  const own = "rolecall@pve!gitops";
  const desired: TerseDesired = {
    tokens: { [own]: { expire: 0, deliveries: [aDelivery()] } },
    groups: { ops: {} },
  };
  const live: TerseLive = { users: ["rolecall@pve"], tokens: [aToken(own, { expire: 5 })] };

  test("is read again from its source before the write that confirms it", async () => {
    const { server, told } = await applied(desired, live);
    expect(told).toEqual(["applied Group ops", `applied Token ${own}`]);
    expect(server.log.slice(-4)).toEqual(["reissue-token", "deliver", "renew", "update-token"]);
  });

  test("ends the run where the source does not hold it", async () => {
    const { server, outcomes } = await applied(desired, live, { renewal: "stale" });
    expect(outcomes[1]).toMatchObject({ status: "failed", written: true });
    expect(server.log).not.toContain("update-token");
  });
});

describe("a password that is set again", () => {
  const asAdmin: Credentials = {
    kind: "password",
    user: { text: "admin@pve" },
    password: { source: "env", name: "OWN" },
  };
  const origin = { kind: "given", from: { source: "env", name: "P" } } as const;
  const desired: TerseDesired = {
    credentials: asAdmin,
    users: { "ann@pve": { password: { origin, policy: "enforce" } } },
  };
  const planning = { found: { refusedPasswords: new Set([aUserId("ann@pve")]) } };

  async function set(misfortune: Misfortune = {}): Promise<FakeServer & { outcomes: readonly Outcome[] }> {
    const plan = aPlan(desired, { users: ["ann@pve"] }, planning);
    const server = aServer(plan.before, misfortune);
    const { secrets } = await prepareApply(plan, server.doors);
    const outcomes = await applyPlan(plan, secrets, server.doors, new AbortController().signal);
    return { ...server, outcomes };
  }

  test("goes with the caller's own", async () => {
    const { requests, outcomes } = await set();
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(requests).toMatchObject([{ method: "PUT", path: "/access/password" }]);
    expect(Object.keys(requests[0]?.parameters ?? {})).toEqual([
      "userid",
      "password",
      "confirmation-password",
    ]);
  });

  test("goes without it to a server that does not know the word", async () => {
    const parameters = { "confirmation-password": "property is not defined in schema" };
    const { requests, outcomes } = await set({
      onWrite: (_, before) => (before === 0 ? { kind: "invalid", parameters } : undefined),
    });
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(requests.map((request) => "confirmation-password" in request.parameters)).toEqual([true, false]);
  });

  test("is sent once more where its answer was lost: no state shows a password", async () => {
    const { requests, lines, outcomes } = await set({
      onWrite: (_, before) => (before === 0 ? { kind: "ambiguous" } : undefined),
    });
    expect(outcomes).toMatchObject([{ status: "applied" }]);
    expect(requests).toHaveLength(2);
    expect(lines.flatMap((line) => (line.phase === "after" ? [line.outcome?.status] : []))).toEqual([
      "lost",
      "done",
    ]);
  });

  test.each<readonly [string, Mishap]>([
    ["lost, too", { kind: "ambiguous" }],
    ["refused", { kind: "failed", words: "got lock request timeout" }],
  ])("is unconfirmed where its answer was lost and the second try was %s", async (_, second) => {
    const { outcomes } = await set({
      onWrite: (_write, before) => (before === 0 ? { kind: "ambiguous", happens: true } : second),
    });
    expect(outcomes).toMatchObject([{ status: "unconfirmed" }]);
  });
});
