// In: a sketched pair of states. Out: a simulated server in the first one, and an open way to bring it into the second,
// over HTTP, with a look at the server after every write. Must not know: what a law says.

import { auditPass, noAudit } from "../../src/apply/audit.ts";
import { openTarget, type Opened, type Surroundings } from "../../src/reconcile/open.ts";
import { applyPass } from "../../src/reconcile/pass.ts";
import { planPass } from "../../src/reconcile/plan-pass.ts";
import type { TargetReport } from "../../src/reconcile/report.ts";
import { startSimulator } from "../../src/simulator/server.ts";
import type { Safety } from "../../src/model/target.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import type { Credentials } from "../../src/model/target.ts";
import { systemClock } from "../../src/support/clock.ts";
import { adopted } from "./adopted.ts";
import { stateFrom, userCfgOf, type SketchedEnds } from "./arbitrary-ends.ts";
import { overTime } from "./desired-builders.ts";
import { quietSurroundings } from "./quiet.ts";

const password = "rootpass123";
const secret = "11111111-2222-4333-8444-555555555501";
/** Many requests at once on one signal would look like a leak. */
const never = (): AbortSignal => new AbortController().signal;

/** Who applies: root, or a token of the sketch. */
type Applies = "root@pam" | `${string}!${string}`;

/** What `GET /access/permissions` says of somebody on a path. */
export type Ask = (userid: string, path?: string) => Promise<Readonly<Record<string, object>>>;

export interface Office {
  readonly ask: Ask;
  readonly apply: () => Promise<TargetReport>;
  readonly plan: () => Promise<TargetReport>;
}

interface Conditions {
  readonly applies: Applies;
  readonly requireAdmin?: readonly string[];
  /** After every write that the server took. */
  readonly look?: (office: Pick<Office, "ask">) => Promise<void>;
}

/** Opens, runs and closes. */
export async function inOffice<T>(
  ends: SketchedEnds,
  conditions: Conditions,
  run: (office: Office) => Promise<T>,
): Promise<T> {
  const { applies } = conditions;
  const tokens = applies === "root@pam" ? "" : `${applies} ${secret}\n`;
  const files = { "user.cfg": userCfgOf(ends.before), "priv/token.cfg": tokens };
  const server = await startSimulator({ clock: systemClock, rootPassword: password, state: { files } });
  const opened = await openedAt(server.url, wishOf(ends, conditions), conditions);
  try {
    return await run(opened);
  } finally {
    await opened.close();
    await server.close();
  }
}

function wishOf({ after }: SketchedEnds, { applies, requireAdmin = [] }: Conditions): DesiredState {
  const desired = adopted(stateFrom(after));
  const safety: Safety = {
    ...desired.target.safety,
    allowEmpty: ["users", "groups", "roles", "acl", "tokens"],
    requireAdmin,
  };
  const credentials: Credentials =
    applies === "root@pam"
      ? { kind: "password", user: { text: applies }, password: { source: "env", name: "PASSWORD" } }
      : { kind: "token", id: { text: applies }, secret: { source: "env", name: "TOKEN" } };
  return { ...desired, target: { ...desired.target, safety, credentials } };
}

async function openedAt(
  url: string,
  { target, ...desired }: DesiredState,
  { look = () => Promise.resolve() }: Conditions,
): Promise<Office & { readonly close: () => Promise<void> }> {
  const surroundings = quietSurroundings({
    environment: { PASSWORD: password, TOKEN: secret },
    clock: systemClock,
  });
  const at = { ...desired, target: { ...target, endpoints: [{ text: url }] } };
  const [opened, observer] = [await opening(at, surroundings), await opening(asRoot(at), surroundings)];
  const ask: Ask = async (userid, path) =>
    // Proof: the simulator answers with an object of paths.
    (await observer.connected.read.get(
      "/access/permissions",
      { userid, ...(path !== undefined && { path }) },
      never(),
    )) as Readonly<Record<string, object>>;
  const watched: Opened = {
    ...opened,
    connected: {
      ...opened.connected,
      write: {
        send: async (request, signal) => {
          const answer = await opened.connected.write.send(request, signal);
          await look({ ask });
          return answer;
        },
      },
    },
  };
  const supervision = {
    check: () => [],
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
    audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
  };
  const options = { approvals: new Map<string, number | undefined>() };
  return {
    ask,
    plan: () => planPass(watched, options, never()),
    apply: () => applyPass(watched, options, { surroundings, supervision }, never()),
    close: async () => {
      await opened.connected.close();
      await observer.connected.close();
    },
  };
}

function asRoot(desired: DesiredState): DesiredState {
  const credentials: Credentials = {
    kind: "password",
    user: { text: "root@pam" },
    password: { source: "env", name: "PASSWORD" },
  };
  return { ...desired, target: { ...desired.target, credentials } };
}

async function opening(desired: DesiredState, surroundings: Surroundings): Promise<Opened> {
  const opened = await openTarget(overTime(desired), "apply", surroundings);
  if ("status" in opened) throw new Error(opened.error.message);
  return opened;
}
