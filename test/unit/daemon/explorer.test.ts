import { describe, expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { answerQuestion } from "../../../src/access/question.ts";
import { Explorer, type ExplorerOptions } from "../../../src/daemon/explorer.ts";
import type { Desired } from "../../../src/daemon/tending.ts";
import { pve } from "../../../src/model/pve.ts";
import { createLoader } from "../../../src/reconcile/load.ts";
import { aState } from "../../support/builders.ts";
import { targetText } from "../../support/manifest-text.ts";
import { aPatientClock, settled, type PatientClock } from "../../support/patient-clock.ts";
import { aHeardLogger, quietSurroundings } from "../../support/quiet.ts";

const question = { subject: "joe@pve", path: undefined, privilege: undefined };

function declared(name: string, more = ""): Desired {
  const files = [{ name: "t.yaml", folder: "m", text: targetText(name, more) }];
  const [wanted] = createLoader(undefined)({ filenames: { files, diagnostics: [] } }).wanted ?? [];
  if (wanted === undefined) throw new Error("no target");
  return wanted.desired;
}

interface Exploring {
  readonly explorer: Explorer;
  readonly clock: PatientClock;
  readonly reads: readonly string[];
  readonly atOnce: () => number;
}

type Read = ExplorerOptions["read"];

function exploring(read: Read = () => Promise.resolve(aReading)): Exploring {
  const clock = aPatientClock();
  const reads: string[] = [];
  let [now, most] = [0, 0];
  const explorer = new Explorer({
    surroundings: quietSurroundings({ clock }),
    read: async (desired, surroundings, signal) => {
      reads.push(desired.target.name);
      now += 1;
      most = Math.max(most, now);
      try {
        return await read(desired, surroundings, signal);
      } finally {
        now -= 1;
      }
    },
  });
  return { explorer, clock, reads, atOnce: () => most };
}

const aReading = {
  version: "9.2.11",
  caller: "a@pve!b",
  answer: () => ({ kind: "mistakes", mistakes: [] }) as const,
};

const [a, b] = [declared("a"), declared("b")];

describe("a read", () => {
  test("answers the questions that follow, for half a minute", async () => {
    const { explorer, clock, reads } = exploring();
    const readMs = clock.now();
    expect(await explorer.ask(a, question)).toMatchObject({ kind: "answered", readMs, caller: "a@pve!b" });
    await clock.pass(29_000);
    expect(await explorer.ask(a, question)).toMatchObject({ kind: "answered", readMs });
    expect(reads).toEqual(["a"]);
    await clock.pass(1_000);
    // It is given back, not only passed over.
    expect(clock.asleep()).toEqual([]);
    expect(await explorer.ask(a, question)).toMatchObject({ readMs: readMs + 30_000 });
    expect(reads).toEqual(["a", "a"]);
    await explorer.stop();
  });

  test("is made anew where the manifests declare the target anew", async () => {
    const { explorer, reads } = exploring();
    await explorer.ask(a, question);
    await explorer.ask(declared("a"), question);
    expect(reads).toEqual(["a", "a"]);
    await explorer.stop();
  });

  test("is never made beside another one", async () => {
    const { explorer, reads, atOnce } = exploring();
    const heard = await Promise.all([a, b, a].map((one) => explorer.ask(one, question)));
    expect(heard.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
    expect([reads, atOnce()]).toEqual([["a", "b", "a"], 1]);
    await explorer.stop();
  });

  test("is not made of a suspended target", async () => {
    const { explorer, reads } = exploring();
    expect(await explorer.ask(declared("quiet", ", suspend: true"), question)).toMatchObject({
      kind: "unread",
      error: { code: "suspended" },
    });
    expect(reads).toEqual([]);
  });

  test("that fails is told, and not kept", async () => {
    const error = { code: "server-unreachable", message: "no" };
    const { explorer, reads } = exploring(() => Promise.resolve({ status: "unreachable", error }));
    expect(await explorer.ask(a, question)).toEqual({ kind: "unread", error });
    await explorer.ask(a, question);
    expect(reads).toEqual(["a", "a"]);
  });

  test("that ends in a bug is a bug, and the next question is heard", async () => {
    let isFirst = true;
    const { explorer } = exploring(() => {
      if (!isFirst) return Promise.resolve(aReading);
      isFirst = false;
      return Promise.reject(new Error("impossible"));
    });
    await expect(explorer.ask(a, question)).rejects.toThrow("impossible");
    expect(await explorer.ask(a, question)).toMatchObject({ kind: "answered" });
    await explorer.stop();
  });
});

test("a question is in the log, but for one that names nothing there is", async () => {
  const { logger, log } = aHeardLogger();
  const clock = aPatientClock();
  const asked = { index: indexAccess(aState()), product: pve, server: "dc1" };
  const answerTo: Awaited<ReturnType<Read>> = {
    ...aReading,
    answer: (one, nowSeconds) => answerQuestion(one, { ...asked, nowSeconds }),
  };
  const explorer = new Explorer({
    surroundings: quietSurroundings({ clock, logger }),
    read: () => Promise.resolve(answerTo),
  });
  await explorer.ask(a, { subject: undefined, path: "/", privilege: "Sys.Audit" });
  await explorer.ask(a, { subject: "hunter2", path: "/", privilege: undefined });
  expect(log.map(({ fields }) => fields)).toEqual([
    { target: "a", path: "/", privilege: "Sys.Audit" },
    { target: "a", mistakes: "subject" },
  ]);
  await explorer.stop();
});

describe("who asks too much waits", () => {
  test("behind twenty reads a minute", async () => {
    const { explorer, clock, reads } = exploring();
    for (let at = 0; at < 20; at++) await explorer.ask(at % 2 === 0 ? a : b, question);
    expect(await explorer.ask(a, question)).toEqual({ kind: "busy" });
    // The last read still answers.
    expect(await explorer.ask(b, question)).toMatchObject({ kind: "answered" });
    await clock.pass(60_000);
    expect(await explorer.ask(a, question)).toMatchObject({ kind: "answered" });
    expect(reads).toHaveLength(21);
    await explorer.stop();
  });

  test("and where four already do", async () => {
    const hangs: Read = (_, __, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      });
    const { explorer } = exploring(hangs);
    const waiting = [a, a, a, a].map((one) => explorer.ask(one, question));
    await settled();
    expect(await explorer.ask(a, question)).toEqual({ kind: "busy" });
    // Stopped in the middle: nobody is left without an answer.
    await explorer.stop();
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(["busy", "busy", "busy", "busy"]);
  });
});
