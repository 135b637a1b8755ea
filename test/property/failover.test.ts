// A target with two endpoints, of which the first one fails in every way that a node can: two simulated nodes over one
// folder, as the nodes of a cluster share theirs.

import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { auditPass, noAudit } from "../../src/apply/audit.ts";
import { defaultLimits } from "../../src/proxmox/transport.ts";
import { openTarget } from "../../src/reconcile/open.ts";
import { applyPass } from "../../src/reconcile/pass.ts";
import { planPass } from "../../src/reconcile/plan-pass.ts";
import type { TargetReport } from "../../src/reconcile/report.ts";
import type { FaultRule } from "../../src/simulator/faults/fault.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/server.ts";
import { systemClock, type Clock } from "../../src/support/clock.ts";
import { aDesiredState, overTime, type TerseDesired } from "../support/desired-builders.ts";
import { quietSurroundings } from "../support/quiet.ts";

const secret = "11111111-2222-4333-8444-555555555501";
const userCfg = `user:root@pam:1:0::::::
user:rolecall@pve:1:0::::::
token:rolecall@pve!gitops:0:0::

acl:1:/:rolecall@pve:Administrator:
`;
const wish: TerseDesired = {
  users: { "joe@pve": { groups: ["ops"], comment: "on call" }, "ann@pve": {} },
  groups: { ops: { comment: "day shift" } },
  roles: {
    Operator: {
      privileges: ["VM.Audit", "VM.PowerMgmt"],
      optionalPrivileges: ["VM.Monitor", "VM.GuestAgent.Audit"],
    },
  },
  pools: { dev: { comment: "guests" } },
  acl: [["/vms", "group:ops", ["Operator"]]],
};

const rule = (
  fault: FaultRule["fault"],
  requests: FaultRule["requests"],
  which: FaultRule["which"] = { kind: "every" },
): FaultRule => ({ fault, requests, which });
const number = (one: number): FaultRule["which"] => ({ kind: "numbers", first: one, last: one });

let folder = "";
const nodes: Simulator[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rolecall-failover-"));
  mkdirSync(join(folder, "priv"));
  writeFileSync(join(folder, "user.cfg"), userCfg);
  writeFileSync(join(folder, "priv", "token.cfg"), `rolecall@pve!gitops ${secret}\n`);
});

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server waits ten seconds for a lock that it does not get; nobody here has to. */
const withoutLockWait: Clock = {
  ...systemClock,
  sleep: (ms, signal) => (ms === 10_000 ? Promise.resolve() : systemClock.sleep(ms, signal)),
};

async function aNode(
  serverVersion: string,
  rules: readonly FaultRule[] = [],
  state: SimulatorOptions["state"] = { folder },
): Promise<Simulator> {
  const faults = { seed: 1, rules };
  const options = { clock: withoutLockWait, rootPassword: "root", state, serverVersion, faults };
  const node = await startSimulator(options);
  nodes.push(node);
  return node;
}

async function pass(urls: readonly string[], kind: "apply" | "plan"): Promise<TargetReport> {
  const surroundings = quietSurroundings({
    environment: { DC1_TOKEN: secret },
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    limits: { ...defaultLimits, headersMs: 300 },
  });
  const { target, ...desired } = overTime(aDesiredState(wish));
  const endpoints = urls.map((text) => ({ text }));
  const opened = await openTarget({ ...desired, target: { ...target, endpoints } }, "apply", surroundings);
  if ("status" in opened) throw new Error(opened.error.message);
  const options = { approvals: new Map<string, number | undefined>() };
  const { signal } = new AbortController();
  const supervision = {
    check: () => [],
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
    audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
  };
  try {
    if (kind === "plan") return await planPass(opened, options, signal);
    return await applyPass(opened, options, { surroundings, supervision }, signal);
  } finally {
    await opened.connected.close();
  }
}

const writesAt = ({ requests }: Simulator): readonly string[] =>
  requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
const isWhole = (report: TargetReport): boolean =>
  report.status === "ok" &&
  report.error === undefined &&
  (report.outcomes ?? []).length > 0 &&
  (report.outcomes ?? []).every(({ status }) => status === "applied");

/** How the first node fails, and how many of the writes it has done by itself. */
test.each<readonly [string, number | "all", readonly FaultRule[]]>([
  ["dies after a write in the middle", 3, [rule({ kind: "crash" }, "writes", number(3))]],
  ["answers 596 to everything", 0, [rule({ kind: "status", status: 596, happens: false }, "all")]],
  ["answers 503 to everything", 0, [rule({ kind: "status", status: 503, happens: false }, "all")]],
  [
    "answers 596 to a write that it did, and to all that is asked afterwards",
    2,
    [
      rule({ kind: "status", status: 596, happens: true }, "writes", number(2)),
      rule({ kind: "status", status: 596, happens: false }, "reads", {
        kind: "numbers",
        first: 17,
        last: 999,
      }),
    ],
  ],
  ["tears down every connection", 0, [rule({ kind: "reset", happens: false }, "all")]],
  ["does its writes and never says so", "all", [rule({ kind: "latency", ms: 60_000 }, "writes")]],
  ["is cut off from its cluster", 0, [rule({ kind: "lock", problem: "no-quorum" }, "writes")]],
  [
    "is cut off from its cluster in the middle",
    2,
    [rule({ kind: "lock", problem: "no-quorum" }, "writes", { kind: "numbers", first: 3, last: 999 })],
  ],
  ["hangs from the start", 0, [rule({ kind: "latency", ms: 60_000 }, "all")]],
])(
  "where the first node %s, the second one takes over, and nothing is written twice",
  async (_, done, rules) => {
    const [first, second] = [await aNode("9.2.11", rules), await aNode("9.2.11")];
    const report = await pass([first.url, second.url], "apply");
    expect([report.error, isWhole(report)]).toEqual([undefined, true]);
    expect((await pass([second.url], "plan")).plan?.operations).toEqual([]);
    const count = report.plan?.operations.length ?? 0;
    expect(writesAt(second).length).toBe(done === "all" ? 0 : count - done);
  },
);

test("where the first node is down from the start, all is done by the second", async () => {
  const first = await aNode("9.2.11");
  await first.close();
  const second = await aNode("9.2.11");
  const report = await pass([first.url, second.url], "apply");
  expect([report.error, isWhole(report)]).toEqual([undefined, true]);
  expect(writesAt(second).length).toBe(report.plan?.operations.length);
});

const cutOff = rule({ kind: "lock", problem: "no-quorum" }, "writes");

test("where the first node is cut off and shows what is no more, nothing is written on the strength of it", async () => {
  const first = await aNode("9.2.11", [cutOff]);
  const files = {
    "user.cfg": `${userCfg}\nuser:ann@pve:1:0::::made by the others:\n`,
    "priv/token.cfg": `rolecall@pve!gitops ${secret}\n`,
  };
  const second = await aNode("9.2.11", [], { files });
  const report = await pass([first.url, second.url], "apply");
  expect(report).toMatchObject({ status: "refused", error: { code: "live-state-moved" } });
  expect(report.error?.message).toContain("ann@pve");
  expect(writesAt(second)).toEqual([]);
});

test("where every node is cut off, the apply ends at the first write", async () => {
  const nodesCutOff = [await aNode("9.2.11", [cutOff]), await aNode("9.2.11", [cutOff])];
  const report = await pass(
    nodesCutOff.map(({ url }) => url),
    "apply",
  );
  expect(report.outcomes?.map(({ status }) => status)).not.toContain("applied");
  expect(report.outcomes?.filter(({ status }) => status === "failed")).toHaveLength(1);
  expect(report.outcomes?.find(({ status }) => status === "failed")?.error).toContain("no quorum!");
  expect(nodesCutOff.flatMap(writesAt)).toHaveLength(3);
});

test.each([
  ["8.4.5", "9.2.11"],
  ["9.2.11", "8.4.5"],
])("during an upgrade, when the node with %s dies, the one with %s goes on", async (dying, other) => {
  const first = await aNode(dying, [rule({ kind: "crash" }, "writes", number(2))]);
  const second = await aNode(other);
  await pass([first.url, second.url], "apply");
  // What the other release has otherwise is a difference now, and is mended by the next pass.
  await pass([second.url], "apply");
  expect((await pass([second.url], "plan")).plan?.operations).toEqual([]);
  const text = readFileSync(join(folder, "user.cfg"), "utf8");
  const privilege = other.startsWith("9") ? "VM.GuestAgent.Audit" : "VM.Monitor";
  expect(/^role:Operator:(.*):$/mu.exec(text)?.[1]?.split(",").sort()).toEqual(
    ["VM.Audit", privilege, "VM.PowerMgmt"].sort(),
  );
  expect(text.match(/^user:joe@pve:/gmu)).toHaveLength(1);
});
