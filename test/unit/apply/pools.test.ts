import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import { canonicalState } from "../../../src/plan/compare.ts";
import type { MembersWrite, Write } from "../../../src/plan/plan.ts";
import { aPool } from "../../support/builders.ts";
import { aPlan, type TerseDesired, type TerseLive } from "../../support/desired-builders.ts";
import { aServer, type Mishap } from "../../support/fake-doors.ts";

interface Applied {
  readonly told: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** What each request puts in or takes out: `vms=100 storage=local`. */
  readonly sent: readonly string[];
  readonly isAsPlanned: boolean;
}

async function applied(
  desired: TerseDesired,
  live: TerseLive,
  onWrite: (write: Write, before: number) => Mishap | undefined,
): Promise<Applied> {
  const plan = aPlan(desired, live);
  const server = aServer(plan.before, { onWrite });
  const { secrets } = await prepareApply(plan, server.doors);
  const outcomes = await applyPlan(plan, secrets, server.doors, new AbortController().signal);
  return {
    told: Object.fromEntries(
      outcomes.map(({ change, status, error }) => [
        plan.changes[change]?.name ?? "",
        error === undefined ? status : `${status}: ${error}`,
      ]),
    ),
    log: server.log,
    sent: server.requests.map(({ parameters }) =>
      Object.entries(parameters)
        .filter(([name]) => name === "vms" || name === "storage")
        .map(([name, value]) => `${name}=${value as string}`)
        .join(" "),
    ),
    isAsPlanned: canonicalState(server.state()) === canonicalState(plan.after),
  };
}

function membersOf(write: Write): MembersWrite | undefined {
  return write.kind === "update-pool" ? write.members : undefined;
}

const refused = (words: string): Mishap => ({ kind: "failed", words: `update pools failed: ${words}` });

describe("a member that is as wanted already", () => {
  test.each<[string, TerseDesired, TerseLive, (write: Write) => Mishap | undefined, readonly string[]]>([
    [
      "is left out, and the others come in",
      { pools: { dev: { vms: [100, 900], storages: ["nas"] } } },
      { pools: [aPool("dev")] },
      (write) =>
        membersOf(write)?.vms.includes(900) ? refused("VM 900 is already a pool member") : undefined,
      ["vms=100,900 storage=nas", "vms=100 storage=nas"],
    ],
    [
      "one after the other, to the last",
      { pools: { dev: { vms: [900], storages: ["nas"] } } },
      { pools: [aPool("dev")] },
      (write) =>
        membersOf(write)?.vms.includes(900)
          ? refused("VM 900 is already a pool member")
          : refused("Storage 'nas' is already a pool member"),
      ["vms=900 storage=nas", "storage=nas"],
    ],
    [
      "likewise what went out by another hand",
      { pools: { dev: { vms: [] } } },
      { pools: [aPool("dev", [100, 101])] },
      (write) => (membersOf(write)?.vms.includes(100) ? refused("VM 100 is not a pool member") : undefined),
      ["vms=100,101", "vms=101"],
    ],
  ])("%s", async (_, desired, live, onWrite, sent) => {
    const done = await applied(desired, live, onWrite);
    expect(done.told).toEqual({ dev: "applied" });
    expect(done.sent).toEqual(sent);
  });

  test("any other refusal is one, and so is the opposite", async () => {
    for (const words of [
      "VM 900 belongs already to pool 'x' and 'allow-move' is not set",
      "VM 900 is not a pool member",
    ]) {
      const { told } = await applied({ pools: { dev: { vms: [900] } } }, { pools: [aPool("dev")] }, () =>
        refused(words),
      );
      expect(told).toEqual({ dev: `failed: update pools failed: ${words}` });
    }
  });
});

describe("what follows a failure", () => {
  test("a pool in one that could not be made is not tried, nor what it should hold, nor entries at it", async () => {
    const { told } = await applied(
      {
        users: { "joe@pve": {} },
        pools: { a: {}, "a/b": { vms: [100] }, c: { vms: [101] } },
        acl: [["/pool/a", "user:joe@pve", ["PVEPoolUser"]]],
      },
      { users: ["joe@pve"] },
      (write) =>
        write.kind === "create-pool" && write.pool.id === "a" ? { kind: "failed", words: "no" } : undefined,
    );
    expect(told).toEqual({
      a: "failed: no",
      "a/b": "not-attempted: depends on pool:a, which failed",
      "/pool/a user:joe@pve": "not-attempted: depends on pool:a, which failed",
      c: "applied",
    });
  });

  test("a pool that was not emptied is not deleted, nor the one that it is in", async () => {
    const { told } = await applied(
      { pools: { a: { ensure: "absent" }, "a/b": { ensure: "absent" } } },
      { pools: [aPool("a"), aPool("a/b", [100])] },
      (write) => (membersOf(write)?.way === "out" ? refused("something else") : undefined),
    );
    expect(told).toEqual({
      a: "not-attempted: depends on the emptying of pool:a, which failed",
      "a/b": "failed: update pools failed: something else",
    });
  });

  test("a guest whose move fails keeps its old pool from being deleted", async () => {
    const { told } = await applied(
      { pools: { a: { ensure: "absent" }, b: { vms: [100] } } },
      { pools: [aPool("a", [100]), aPool("b")] },
      (write) => (membersOf(write)?.way === "in" ? refused("no") : undefined),
    );
    expect(told).toMatchObject({ b: "failed: update pools failed: no", a: expect.stringMatching(/failed/u) });
  });
});

test("an answer that was lost is looked for in the pool", async () => {
  const done = await applied(
    { pools: { a: { vms: [] }, b: { vms: [100] } } },
    { pools: [aPool("a", [100]), aPool("b")] },
    (_, before) => (before === 0 ? { kind: "ambiguous", happens: true } : undefined),
  );
  expect(done).toMatchObject({
    told: { a: "applied", b: "applied" },
    log: ["update-pool", "read"],
    isAsPlanned: true,
  });
});

test("a pool that is gone already is deleted", async () => {
  const { told } = await applied({ pools: { a: { ensure: "absent" } } }, { pools: [aPool("a")] }, () => ({
    kind: "failed",
    words: "delete pool failed: pool 'a' does not exist",
  }));
  expect(told).toEqual({ a: "applied" });
});
