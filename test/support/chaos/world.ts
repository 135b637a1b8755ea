// In: a seed. Out: a simulated server, what manifests want of it, and passes over it with and without faults; every write
// that arrived is noted. Must not know: what must be true of it.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { auditPass, noAudit } from "../../../src/apply/audit.ts";
import type { AccessState } from "../../../src/model/access-state.ts";
import type { DesiredState } from "../../../src/model/desired.ts";
import { defaultLimits } from "../../../src/proxmox/transport.ts";
import { openTarget, type Opened, type Surroundings } from "../../../src/reconcile/open.ts";
import { applyPass } from "../../../src/reconcile/pass.ts";
import { planPass } from "../../../src/reconcile/plan-pass.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import type { FaultRule } from "../../../src/simulator/faults/fault.ts";
import type { Struck } from "../../../src/simulator/faults/inject.ts";
import { simulate } from "../../../src/simulator/server.ts";
import type { StateFiles } from "../../../src/simulator/store.ts";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf, type Release } from "../../../src/usercfg/release.ts";
import { arbitraryWish } from "../arbitrary-desired.ts";
import { aState, aToken, type TerseState } from "../builders.ts";
import { aDesiredState, overTime, type TerseDesired } from "../desired-builders.ts";
import { realmsOf, userCfgOf } from "../state-files.ts";
import { aClock, type WoundClock } from "../wound-clock.ts";
import { arbitraryRules } from "./arbitrary-faults.ts";
import { wired, type Arrived, type Server } from "./wired.ts";
import { quietSurroundings } from "../quiet.ts";

export interface Story {
  readonly seed: number;
  readonly wish: TerseDesired;
  readonly state: TerseState;
  readonly rules: readonly FaultRule[];
  readonly version: string;
}

/** All that a seed stands for. */
export function storyOf(seed: number): Story {
  const versions = fc.constantFrom("9.2.11", "9.2.11", "9.0.3", "8.4.5", "7.4-16");
  const [drawn] = fc.sample(fc.tuple(arbitraryWish, arbitraryRules, versions), { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error("nothing was drawn");
  const [{ wish, state }, rules, version] = drawn;
  return { seed, wish: version.startsWith("7") ? withoutNestedPaths(wish) : wish, state, rules, version };
}

/** Before 8.1 no entry can be added at a pool in a pool: such a write fails, and is told, for ever. */
function withoutNestedPaths(wish: TerseDesired): TerseDesired {
  return { ...wish, acl: (wish.acl ?? []).filter(([path]) => !/^\/pool\/[^/]+\//u.test(path)) };
}

/** One pass and what went on at the server meanwhile. */
export interface Played {
  readonly report: TargetReport;
  readonly before: AccessState;
  readonly after: AccessState;
  readonly writes: readonly Arrived[];
  readonly struck: readonly Struck[];
}

export interface World {
  readonly clock: WoundClock;
  readonly apply: (rules: readonly FaultRule[]) => Promise<Played>;
  /** Without faults. */
  readonly plan: () => Promise<TargetReport>;
  readonly state: () => AccessState;
  readonly stateOf: (userCfg: string) => AccessState;
  close(): void;
}

const caller = "rolecall@pve!gitops";
/** With all that its owner, an administrator, has. */
const ownToken = aToken(caller, { privilegeSeparation: false });
const secret = "11111111-2222-4333-8444-555555555501";
const never = new AbortController().signal;

export function openWorld({ seed, wish, state, version }: Story): World {
  const clock = aClock();
  const release = releaseNamed(version);
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "rolecall-chaos-"));
  const desired = withSinksIn(folder, aDesiredState(wish));
  const start = aState({
    ...state,
    tokens: [...(state.tokens ?? []).filter((one) => one !== caller), ownToken],
  });
  let files: StateFiles = {
    "user.cfg": userCfgOf(start),
    "domains.cfg": realmsOf(start),
    "priv/token.cfg": [...start.tokens.keys()].map((id) => `${id} ${secret}\n`).join(""),
  };
  const stateOf = (text: string): AccessState => accessStateFrom(parseUserCfg(text, release), release);
  const stateNow = (): AccessState => stateOf(files["user.cfg"] ?? "");
  /** A server is started anew for each pass, as after a crash, on the files that the one before left. */
  const onServer = async <T>(
    rules: readonly FaultRule[],
    run: (opened: Opened, surroundings: Surroundings) => Promise<T>,
  ): Promise<{
    readonly result: T;
    readonly writes: readonly Arrived[];
    readonly struck: readonly Struck[];
  }> => {
    const [writes, struck]: [Arrived[], Struck[]] = [[], []];
    let isDown = false;
    const { api, host } = simulate(
      {
        clock,
        rootPassword: "root",
        serverVersion: version,
        state: { files },
        faults: { seed, rules },
        onFault: (one) => void struck.push(one),
      },
      () => (isDown = true),
    );
    const server: Server = { api, files: () => host.store.files(), isDown: () => isDown };
    const surroundings = quietSurroundings({
      environment: { DC1_TOKEN: secret },
      clock,
      random: () => 0,
      openTransport: () =>
        wired({
          clock,
          limits: defaultLimits,
          serverAt: () => server,
          onArrived: (one) => void writes.push(one),
        }),
    });
    const opened = await openTarget(overTime(desired), "apply", surroundings);
    if ("status" in opened) throw new Error(opened.error.message);
    const result = await run(opened, surroundings);
    files = host.store.files();
    return { result, writes, struck };
  };
  const options = { approvals: new Map<string, number | undefined>() };
  return {
    clock,
    state: stateNow,
    stateOf,
    plan: async () => (await onServer([], (opened) => planPass(opened, options, never))).result,
    apply: async (rules) => {
      const before = stateNow();
      const { result, writes, struck } = await onServer(rules, (opened, surroundings) =>
        applyPass(opened, options, { surroundings, supervision }, never),
      );
      return { report: result, before, after: stateNow(), writes, struck };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const supervision = {
  check: () => [],
  confirm: () => Promise.resolve(true),
  onProgress: () => undefined,
  audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
};

function releaseNamed(version: string): Release {
  const release = releaseOf(version);
  if (release === undefined) throw new Error(`no release ${version}`);
  return release;
}

function withSinksIn(folder: string, desired: DesiredState): DesiredState {
  const tokens = [...desired.tokens].map(([id, token]) => {
    const deliveries = token.deliveries.map((delivery) =>
      delivery.sink.kind === "file"
        ? { ...delivery, as: `${id}.env`, sink: { ...delivery.sink, dir: join(folder, "ci") } }
        : delivery,
    );
    return [id, { ...token, deliveries }] as const;
  });
  return { ...desired, tokens: new Map(tokens) };
}
