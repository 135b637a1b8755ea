// In: a story. Out: a simulated server, and passes over it with and without faults; every write that arrived is noted. Must not
// know: what must be true of it.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditPass, noAudit } from "../../../src/apply/audit.ts";
import type { AccessState } from "../../../src/model/access-state.ts";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import type { DesiredState } from "../../../src/model/desired.ts";
import { openTarget, type Opened, type Surroundings } from "../../../src/reconcile/open.ts";
import { applyPass } from "../../../src/reconcile/pass.ts";
import { planPass } from "../../../src/reconcile/plan-pass.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import type { FaultRule } from "../../../src/simulator/faults/fault.ts";
import type { Struck } from "../../../src/simulator/faults/inject.ts";
import type { StateFiles } from "../../../src/simulator/store.ts";
import { mapValues } from "../../../src/support/maps.ts";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseDomains } from "../../../src/usercfg/domains.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf, type Release } from "../../../src/usercfg/release.ts";
import { keyVariable } from "../arbitrary-realms.ts";
import { aState, aToken } from "../builders.ts";
import { aDesiredState, overTime } from "../desired-builders.ts";
import { domainsCfgOf, jobsCfgOf, userCfgOf } from "../state-files.ts";
import { aClock, type WoundClock } from "../wound-clock.ts";
import type { Arrived, OpenLine } from "./lines.ts";
import { givenPassword, passwordVariable, type Story } from "./story.ts";
import { quietSurroundings } from "../quiet.ts";

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
  readonly stateOf: (files: StateFiles) => AccessState;
  /** As they are now. */
  readonly files: () => StateFiles;
  /** What lies in the sinks, by file. */
  readonly delivered: () => ReadonlyMap<string, string>;
  close(): void;
}

const caller = "rolecall@pve!gitops";
/** With all that its owner, an administrator, has. */
const ownToken = aToken(caller, { privilegeSeparation: false });
const secret = "11111111-2222-4333-8444-555555555501";
const never = new AbortController().signal;

export function openWorld({ seed, wish, state, version }: Story, openLine: OpenLine): World {
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
    "domains.cfg": domainsCfgOf(start),
    "jobs.cfg": jobsCfgOf(start),
    "priv/token.cfg": [...start.tokens.keys()].map((id) => `${id} ${secret}\n`).join(""),
  };
  const stateOf = (at: StateFiles): AccessState => ({
    ...accessStateFrom(parseUserCfg(at["user.cfg"] ?? "", release), release),
    realms: parseDomains(at["domains.cfg"] ?? ""),
  });
  const stateNow = (): AccessState => stateOf(files);
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
    const line = await openLine(
      {
        clock,
        rootPassword: "root",
        serverVersion: version,
        state: { files },
        faults: { seed, rules },
        onFault: (one) => void struck.push(one),
      },
      (one) => void writes.push(one),
    );
    const surroundings = quietSurroundings({
      environment: { DC1_TOKEN: secret, [keyVariable]: "a2V5", [passwordVariable]: givenPassword },
      clock,
      random: () => 0,
      openTransport: line.openTransport,
    });
    const target = { ...desired.target, endpoints: [{ text: line.endpoint }] };
    const opened = await openTarget(overTime({ ...desired, target }), "apply", surroundings);
    if ("status" in opened) throw new Error(opened.error.message);
    try {
      return { result: await run(opened, surroundings), writes, struck };
    } finally {
      await opened.connected.close();
      files = line.files();
      await line.close();
    }
  };
  const options = { approvals: new Map<string, number | undefined>() };
  return {
    clock,
    state: stateNow,
    stateOf,
    files: () => files,
    delivered: () => textsIn(join(folder, "ci")),
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
  const placed = (id: string, deliveries: readonly SecretDelivery[]): readonly SecretDelivery[] =>
    deliveries.map((delivery) =>
      delivery.sink.kind === "file"
        ? { ...delivery, as: id, sink: { ...delivery.sink, dir: join(folder, "ci") } }
        : delivery,
    );
  return {
    ...desired,
    tokens: mapValues(desired.tokens, (token) => ({
      ...token,
      deliveries: placed(token.id, token.deliveries),
    })),
    users: mapValues(desired.users, (user) => {
      const { password } = user;
      if (password?.origin.kind !== "generated") return user;
      const origin = { ...password.origin, deliveries: placed(user.id, password.origin.deliveries) };
      return { ...user, password: { ...password, origin } };
    }),
  };
}

function textsIn(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
