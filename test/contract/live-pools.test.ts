// The members of pools as they are read over the wire, of files that a real server wrote: with those that exist, without
// those that it stores and hides, and how these are found out all the same.

import { afterEach, describe, expect, test } from "@jest/globals";
import { readLiveState } from "../../src/live/pve.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import { pve } from "../../src/model/pve.ts";
import { Secret } from "../../src/model/secret.ts";
import { hiddenMembers } from "../../src/plan/hidden-members.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/server.ts";
import { systemClock } from "../../src/support/clock.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { aPoolId, aTokenId } from "../support/builders.ts";
import { allPools } from "../support/canned-reads.ts";
import { asRoot, connected, password, type Attempt } from "../support/connected.ts";
import { recordedBytes, recordedLines } from "../support/recordings.ts";

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const never = new AbortController().signal;
const planToken = { id: aTokenId("plan@pve!only"), secret: "11111111-2222-4333-8444-555555555511" };

/** A server on the file, where an identity may look at everything and no more. */
async function aServerOn(userCfg: string, options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const looking = [
    "user:plan@pve:1:0::::::",
    "token:plan@pve!only:0:0::",
    "role:OnlyLook:Pool.Audit,Sys.Audit:",
    "acl:1:/access:plan@pve:OnlyLook:",
    "acl:1:/pool:plan@pve:OnlyLook:",
  ];
  const files = {
    "user.cfg": `${userCfg}\n${looking.join("\n")}\n`,
    "priv/token.cfg": `${planToken.id} ${planToken.secret}\n`,
  };
  const server = await startSimulator({
    clock: systemClock,
    rootPassword: password,
    state: { files },
    ...options,
  });
  open.push(server);
  return server;
}

async function readFrom(server: Simulator, as: "root" | "plan"): Promise<LiveState> {
  const secret = new Secret(planToken.secret);
  const credentials = as === "root" ? asRoot : ({ kind: "token", id: planToken.id, secret } as const);
  const attempt: Attempt = connected([server.url], { credentials });
  open.push(attempt);
  const live = await readLiveState(attempt.read, pve, allPools, never);
  expect(live.incomplete).toEqual([]);
  return live;
}

/** As the recorded scenario has it after "add unknown vm" and "unknown storage": the server took both, and later let go of both. */
const withHidden = recordedBytes("pve/pools.1.user.cfg").replace(
  "pool:p1::100,102,103,104:local-lvm:",
  "pool:p1::100,102,103,104,9999:local-lvm,nope:",
);

describe("a file with members that do not exist", () => {
  test.each<[string, "root" | "plan", string]>([
    ["9.2.11, as root", "root", "9.2.11"],
    ["9.2.11, as who may only look", "plan", "9.2.11"],
    ["8.1.4", "plan", "8.1.4"],
  ])("%s: they are not listed, and show in the reader's own permissions", async (_, as, serverVersion) => {
    const server = await aServerOn(withHidden, { serverVersion });
    const live = await readFrom(server, as);
    expect(live.state.pools.get(aPoolId("p1"))?.members).toEqual({
      vms: [100, 102, 103, 104],
      storages: ["local-lvm"],
    });
    expect([...hiddenMembers(live)].sort()).toEqual(["/storage/nope", "/vms/9999"]);
  });

  test("before 8.1 each pool is asked for by its path", async () => {
    const flat = withHidden.replace(/^pool:p1\/.*\n/gmu, "");
    const live = await readFrom(await aServerOn(flat, { serverVersion: "8.0.4" }), "plan");
    expect(live.state.pools.get(aPoolId("p1"))?.members?.vms).toContain(104);
    expect([...hiddenMembers(live)].sort()).toEqual(["/storage/nope", "/vms/9999"]);
  });

  test("there are none where all exist", async () => {
    const server = await aServerOn(withHidden, {
      guests: [100, 101, 102, 103, 104, 9999],
      storages: ["local", "local-lvm", "nope"],
    });
    expect([...hiddenMembers(await readFrom(server, "plan"))]).toEqual([]);
  });
});

interface Recording {
  readonly id: number;
  readonly cfg: string;
}

test("of random files, what is read is what is stored, where all members exist", async () => {
  const release = releaseOf("9.2.11")!;
  for (const { id, cfg } of recordedLines<Recording>("permissions/pve-random.jsonl").slice(0, 20)) {
    const stored = accessStateFrom(parseUserCfg(cfg, release), release);
    const members = [...stored.pools.values()].flatMap((pool) => pool.members ?? []);
    const server = await aServerOn(cfg, {
      guests: members.flatMap(({ vms }) => vms),
      storages: [...new Set(members.flatMap(({ storages }) => storages))],
    });
    const { state } = await readFrom(server, "root");
    const sorted = [...stored.pools.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect([id, [...state.pools.values()]]).toEqual([id, sorted]);
  }
});
