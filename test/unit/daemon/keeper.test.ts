import { describe, expect, test } from "@jest/globals";
import { Keeper, type KeeperOptions } from "../../../src/daemon/keeper.ts";
import { Lane } from "../../../src/daemon/lanes.ts";
import type { Accepted } from "../../../src/daemon/lookout.ts";
import type { PassRecord } from "../../../src/daemon/record.ts";
import { createLoader } from "../../../src/reconcile/load.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import type { Visit } from "../../../src/reconcile/visit.ts";
import { aTokenId } from "../../support/builders.ts";
import { aPlan } from "../../support/desired-builders.ts";
import { manifestText, targetText, type Texts } from "../../support/manifest-text.ts";
import { aPatientClock, settled, type PatientClock } from "../../support/patient-clock.ts";
import { aHeardLogger, quietSurroundings, type HeardLine } from "../../support/quiet.ts";

interface Visited {
  readonly name: string;
  readonly mode: Visit["mode"];
  readonly approvals: readonly string[];
  readonly looksIntoSinks: boolean;
  readonly signal: AbortSignal;
}

interface Kept {
  readonly keeper: Keeper;
  readonly clock: PatientClock;
  readonly visits: readonly Visited[];
  readonly records: readonly (readonly [string, PassRecord])[];
  readonly names: () => readonly string[];
  /** What was logged as an error, with its fields. */
  readonly log: readonly HeardLine[];
}

type Answer = (visited: Visited, before: number) => Promise<TargetReport> | TargetReport;

const load = createLoader(undefined);

const fine: Answer = ({ name }) => ({ name, product: "pve", status: "ok", plan: aPlan({}) });

function keeping(
  answer: Answer = fine,
  over: Partial<KeeperOptions> & { readonly clock?: PatientClock } = {},
): Kept {
  const { clock = aPatientClock(0) } = over;
  const visits: Visited[] = [];
  const records: (readonly [string, PassRecord])[] = [];
  const { logger, log } = aHeardLogger();
  const limits = { places: 4, loanMs: 5_000 };
  const keeper = new Keeper({
    surroundings: quietSurroundings({ clock, logger }),
    lanes: { sound: new Lane(clock, limits), troubled: new Lane(clock, limits) },
    load,
    visit: async ({ target: { name } }, { mode, approvals, looksIntoSinks }, _, signal) => {
      const visited = { name, mode, approvals: [...approvals.keys()], looksIntoSinks, signal };
      visits.push(visited);
      return await answer(visited, visits.length - 1);
    },
    onPass: (name, record) => records.push([name, record]),
    ...over,
  });
  return { keeper, clock, visits, records, names: () => visits.map(({ name }) => name), log };
}

/** A set of manifests that may be believed. */
function accepted(texts: Texts, digest = JSON.stringify(texts)): Accepted {
  const files = Object.entries(texts).map(([name, text]) => ({ name, folder: "m", text }));
  const filenames = { files, diagnostics: [] };
  return {
    snapshot: { roots: [], digest, fileCount: 1, unlinked: [], read: { filenames } },
    commit: "c0ffee",
  };
}

const two = { "t.yaml": [targetText("a"), targetText("b")].join("---\n") };
const joe = manifestText("User", "joe@pve");

describe("targets", () => {
  test("are visited as soon as they are declared, and let alone when they are no more", async () => {
    const { keeper, names, clock } = keeping();
    keeper.accept(accepted(two));
    await settled();
    expect(names()).toEqual(["a", "b"]);
    keeper.accept(accepted({ "t.yaml": targetText("b") }));
    await clock.pass(400_000);
    expect(names()).toEqual(["a", "b", "b"]);
    expect(keeper.state.targets.map(({ desired }) => desired.target.name)).toEqual(["b"]);
    await keeper.stop();
  });

  test("are visited again only where the manifests want something else of them", async () => {
    const { keeper, names } = keeping();
    keeper.accept(accepted(two));
    await settled();
    keeper.accept(accepted({ ...two, "u.yaml": joe.replace("spec: {}", "spec: { targets: [b] }") }));
    await settled();
    expect(names()).toEqual(["a", "b", "b"]);
    // A remark moves every line, and is in force for both.
    keeper.accept(
      accepted({ ...two, "u.yaml": `# x\n${joe.replace("spec: {}", "spec: { targets: [b] }")}` }, "last"),
    );
    await settled();
    expect(names()).toHaveLength(3);
    expect(keeper.state.targets.map(({ observed }) => observed.digest)).toEqual(["last", "last"]);
    expect(keeper.state.targets[0]?.conditions.map(({ digest }) => digest)).toEqual([
      "last",
      "last",
      "last",
      "last",
    ]);
    await keeper.stop();
  });

  test("keep what was accepted before when the new manifests have mistakes", async () => {
    const { keeper, names, clock, log } = keeping();
    keeper.accept(accepted(two));
    await settled();
    keeper.accept(accepted({ "t.yaml": targetText("a"), "u.yaml": "kind: Nonsense\n" }, "bad"));
    await clock.pass(301_000);
    expect(names()).toEqual(["a", "b", "a", "b"]);
    const { manifests, targets } = keeper.state;
    expect([manifests.isValid, manifests.inForce?.digest, manifests.last?.digest]).toEqual([
      false,
      JSON.stringify(two),
      "bad",
    ]);
    expect(manifests.diagnostics.length).toBeGreaterThan(0);
    const hint = "write apiVersion: rolecall.dev/v1; what is not Rolecall's belongs in another folder";
    expect(log.filter(({ level }) => level === "error")).toMatchObject([
      { message: expect.stringContaining("u.yaml:1:1: not-a-manifest"), fields: { hint } },
      { message: "the manifests have 1 mistake: what was accepted before stays in force" },
    ]);
    expect(targets.map(({ conditions }) => conditions[0])).toMatchObject([
      { type: "ManifestsValid", status: "False", digest: "bad" },
      { type: "ManifestsValid", status: "False", digest: "bad" },
    ]);
    await keeper.stop();
  });

  test("that come back while their last pass is still at work wait for its end", async () => {
    let finish = (): void => undefined;
    const { keeper, names } = keeping(async (visited, before) => {
      if (before === 0) await new Promise<void>((resolve) => (finish = resolve));
      return await fine(visited, before);
    });
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    keeper.accept(accepted({ "t.yaml": targetText("b") }));
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    expect(names()).toEqual(["a"]);
    finish();
    await settled();
    expect(names()).toEqual(["a", "a"]);
    await keeper.stop();
  });
});

describe("a pass", () => {
  test("of manifests that nobody wants any more ends early", async () => {
    let finish = (): void => undefined;
    const { keeper, visits, records } = keeping(async (visited, before) => {
      if (before > 0) return await fine(visited, before);
      await new Promise<void>((resolve) => (finish = resolve));
      const plan = aPlan({ groups: { a: {} } });
      return {
        name: "a",
        product: "pve",
        status: "ok",
        plan,
        outcomes: [{ change: 0, status: "not-attempted" }],
      };
    });
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    keeper.accept(accepted({ "t.yaml": targetText("a"), "u.yaml": joe }));
    expect(visits[0]?.signal.aborted).toBe(true);
    finish();
    await settled();
    expect(records.map(([, { result, reasons }]) => [result, reasons])).toEqual([
      ["interrupted", ["start"]],
      ["synced", ["manifests"]],
    ]);
    await keeper.stop();
  });

  test("that throws is recorded, and keeps nobody else waiting", async () => {
    const { keeper, records } = keeping((visited, before) => {
      if (visited.name === "a") throw new Error("impossible");
      return fine(visited, before);
    });
    keeper.accept(accepted(two));
    await settled();
    expect(records.map(([name, { result }]) => [name, result])).toEqual([
      ["a", "bug"],
      ["b", "synced"],
    ]);
    expect(keeper.state.targets.map(({ isReady }) => isReady)).toEqual([true, true]);
    await keeper.stop();
  });

  test.each<[string, Answer, Partial<KeeperOptions>]>([
    [
      "in what is kept of its report",
      // Proof: none; it stands for a report that nobody foresaw.
      ({ name }) => ({
        name,
        product: "pve",
        status: "ok",
        plan: { ...aPlan({}), rotations: [undefined as never] },
      }),
      {},
    ],
    [
      "in who is told of it",
      fine,
      {
        onPass: () => {
          throw new Error("impossible");
        },
      },
    ],
  ])("that ends in a bug %s is tried again, and told", async (_, answer, over) => {
    const { logger, log } = aHeardLogger();
    const clock = aPatientClock(0);
    const { keeper, names } = keeping(answer, {
      surroundings: quietSurroundings({ clock, logger }),
      clock,
      ...over,
    });
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    const [state] = keeper.state.targets;
    expect(state?.history).toHaveLength(1);
    expect(state).toMatchObject({
      isAtWork: false,
      isReady: true,
      failures: 1,
      history: [{ result: "bug" }],
    });
    expect(state?.conditions).toContainEqual(expect.objectContaining({ type: "Stalled", reason: "Bug" }));
    expect(log).toContainEqual(
      expect.objectContaining({
        level: "error",
        fields: { target: "a", pass: state?.history[0]?.id, stack: expect.stringContaining("Error: ") },
      }),
    );
    await clock.pass(2_000);
    expect(names()).toEqual(["a", "a"]);
    await keeper.stop();
  });

  test("speaks of the manifests in force at its end, where they want the same as those at its beginning", async () => {
    let finish = (): void => undefined;
    const { keeper, visits } = keeping(async (visited, before) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return await fine(visited, before);
    });
    keeper.accept(accepted({ "t.yaml": targetText("a") }, "before"));
    await settled();
    keeper.accept(accepted({ "t.yaml": `# A remark.\n${targetText("a")}` }, "after"));
    finish();
    await settled();
    expect(visits).toHaveLength(1);
    const [state] = keeper.state.targets;
    expect(state?.observed.digest).toBe("after");
    expect(state?.conditions.map(({ type, digest }) => [type, digest])).toEqual([
      ["ManifestsValid", "after"],
      ["Reachable", "after"],
      ["Synced", "after"],
      ["Stalled", "after"],
    ]);
    await keeper.stop();
  });

  test("is not made of a suspended target; an observed one is only looked at", async () => {
    const { keeper, visits } = keeping();
    const texts = [targetText("a", ", suspend: true"), targetText("b", ", mode: observe")];
    keeper.accept(accepted({ "t.yaml": texts.join("---\n") }));
    await settled();
    expect(visits).toMatchObject([{ name: "b", mode: "observe" }]);
    expect(keeper.state.targets[0]).toMatchObject({ isReady: true, history: [] });
    await keeper.stop();
  });

  test("is made when something begins or ends by itself", async () => {
    const ends = {
      kind: "ACL",
      name: "/",
      event: "ends",
      objects: [],
      source: { file: "a.yaml", line: 1, column: 1 },
    } as const;
    const rotation = { token: aTokenId("ci@pve!deploy"), expire: 900 };
    const plan: Plan = {
      ...aPlan({}),
      boundaries: [{ ...ends, atSeconds: 90 }],
      rotations: [
        { ...rotation, rotatesAt: 0 },
        { ...rotation, rotatesAt: 120 },
      ],
    };
    const { keeper, clock, records } = keeping(({ name }) => ({ name, product: "pve", status: "ok", plan }));
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    await clock.pass(90_000);
    await clock.pass(30_000);
    expect(records.map(([, { reasons }]) => reasons)).toEqual([["start"], ["boundary"], ["boundary"]]);
    await keeper.stop();
  });

  test("keeps the newest twenty, and the moments of the last attempt and the last success", async () => {
    const { keeper, clock } = keeping(({ name }, before) =>
      before < 25
        ? { name, product: "pve", status: "ok", plan: aPlan({}) }
        : {
            name,
            product: "pve",
            status: "unreachable",
            error: { code: "server-unreachable", message: "no" },
          },
    );
    keeper.accept(accepted({ "t.yaml": targetText("a", ", interval: 10s") }));
    await clock.pass(245_500);
    const [state] = keeper.state.targets;
    expect([state?.history.length, state?.history[0]?.result, state?.failures]).toEqual([
      20,
      "unreachable",
      1,
    ]);
    expect([state?.history[0]?.startedMs, state?.lastSuccessMs]).toEqual([245_000, 235_000]);
    await keeper.stop();
  });
});

test("the switch holds back for as long as the target allows, from when it was first seen", async () => {
  const pulled = { severity: "error", code: "paused", message: "paused", changes: [] } as const;
  const plan = { ...aPlan({ groups: { a: {} } }), findings: [pulled] };
  const { keeper, clock, visits } = keeping(({ name, approvals }) =>
    approvals.includes("paused")
      ? {
          name,
          product: "pve",
          status: "ok",
          plan: { ...plan, findings: [{ ...pulled, severity: "warning" }] },
          outcomes: [{ change: 0, status: "applied" }],
        }
      : { name, product: "pve", status: "refused", plan },
  );
  keeper.accept(accepted({ "t.yaml": targetText("a", ", interval: 1m, safety: { maxPause: 90s }") }));
  await clock.pass(89_999);
  expect(visits.map(({ approvals }) => approvals)).toEqual([[], []]);
  expect(keeper.state.targets[0]?.pause).toEqual({ sinceMs: 0, untilMs: 90_000 });
  await clock.pass(1);
  // Exactly when it ends, not at the next resync.
  expect(visits.map(({ approvals }) => approvals)).toEqual([[], [], ["paused"]]);
  expect(keeper.state.targets[0]).toMatchObject({
    pause: { untilMs: 90_000 },
    history: [{ result: "synced" }, {}, {}],
  });
  await keeper.stop();
});

test("five hundred targets are visited a few at a time, and stop at once", async () => {
  let [atWork, most] = [0, 0];
  const { keeper, visits, clock } = keeping(async (visited, before) => {
    most = Math.max(most, ++atWork);
    await settled();
    atWork -= 1;
    return await fine(visited, before);
  });
  const texts = Array.from({ length: 500 }, (_, at) => targetText(`t${at}`));
  keeper.accept(accepted({ "t.yaml": texts.join("---\n") }));
  while (visits.length < 500) await settled();
  await settled();
  expect(most).toBeLessThanOrEqual(4);
  expect(clock.asleep().filter((ms) => ms > 5_000).length).toBeGreaterThan(480);
  await keeper.stop();
  expect(clock.asleep()).toEqual([]);
});

describe("sinks", () => {
  const token = aTokenId("ci@pve!deploy");
  const lost = { token, sink: "ci", place: "/delivered/a", state: "missing" } as const;
  const looking = ({ name, looksIntoSinks }: Visited): TargetReport => ({
    name,
    product: "pve",
    status: "ok",
    plan: aPlan({}),
    ...(looksIntoSinks && { sinks: [lost] }),
  });
  const hourly = { verifySinksMs: 3_600_000 };
  const looks = (visits: readonly Visited[]): number =>
    visits.filter(({ looksIntoSinks }) => looksIntoSinks).length;

  test("are not looked into unless somebody asks for it", async () => {
    const { keeper, clock, visits } = keeping(looking);
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await clock.pass(7_200_000);
    expect([visits.length > 2, looks(visits)]).toEqual([true, 0]);
    await keeper.stop();
  });

  test("are looked into with the first pass, and then once an hour, and what was found stays told", async () => {
    const { keeper, clock, visits, records } = keeping(looking, hourly);
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    expect(looks(visits)).toBe(1);
    for (let minute = 0; minute < 50; minute++) await clock.pass(60_000);
    expect([visits.length > 3, looks(visits)]).toEqual([true, 1]);
    expect(new Set(records.map(([, { warnings }]) => warnings))).toEqual(new Set([1]));
    expect(keeper.state.targets[0]?.plan?.findings).toMatchObject([
      { severity: "warning", code: "secret-not-delivered", message: expect.stringContaining(token) },
    ]);
    for (let minute = 0; minute < 20; minute++) await clock.pass(60_000);
    expect(looks(visits)).toBe(2);
    await keeper.stop();
  });

  test("are looked into again when the manifests, or a write, have made something else of the tokens", async () => {
    const plan = aPlan({ users: { "ci@pve": {} }, tokens: { "ci@pve!deploy": {} } });
    const outcomes = plan.changes.map((_, change) => ({ change, status: "applied" as const }));
    const { keeper, clock, visits } = keeping(
      (visited, before) => (before === 2 ? { ...looking(visited), plan, outcomes } : looking(visited)),
      hourly,
    );
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    keeper.accept(accepted({ "t.yaml": targetText("a"), "u.yaml": joe }));
    await settled();
    expect(visits.map(({ looksIntoSinks }) => looksIntoSinks)).toEqual([true, true]);
    await clock.pass(700_000);
    expect(visits.slice(2, 4).map(({ looksIntoSinks }) => looksIntoSinks)).toEqual([false, true]);
    await keeper.stop();
  });

  test("are not said to lack a secret that was delivered since", async () => {
    const other = { ...lost, token: aTokenId("ci@pve!other") };
    const plan = aPlan({ users: { "ci@pve": {} }, tokens: { "ci@pve!deploy": {} } });
    const outcomes = plan.changes.map((_, change) => ({ change, status: "applied" as const }));
    const { keeper, clock } = keeping(
      ({ name }, before) =>
        before === 0
          ? { name, product: "pve", status: "ok", plan: aPlan({}), sinks: [lost, other] }
          : { name, product: "pve", status: "ok", plan, outcomes },
      hourly,
    );
    keeper.accept(accepted({ "t.yaml": targetText("a") }));
    await settled();
    const warnings = (): readonly string[] =>
      (keeper.state.targets[0]?.plan?.findings ?? []).map(({ message }) => message);
    expect(warnings()).toEqual([expect.stringContaining(token), expect.stringContaining(other.token)]);
    await clock.pass(300_000);
    expect(warnings().filter((message) => message.startsWith("a sink"))).toEqual([
      expect.stringContaining(other.token),
    ]);
    expect(keeper.state.targets[0]?.sinks).toEqual({ atMs: 0, found: [other], stands: false });
    await keeper.stop();
  });
});
