// In: a seed. Out: whether its story held every law, or what was wrong. Must not know: how many stories there are.

import type { FaultRule } from "../../../src/simulator/faults/fault.ts";
import { blindIn, excessIn, liesIn, lockoutsIn, lostSecrets, repeatsIn, touchedOutside } from "./laws.ts";
import type { OpenLine } from "./lines.ts";
import { storyOf, type Story } from "./story.ts";
import { openWorld, type Played, type World } from "./world.ts";

export interface Verdict {
  /** refused, idle: the story has no write that could go wrong. */
  readonly kind: "played" | "refused" | "idle";
  readonly faults: number;
  readonly writes: number;
  readonly problems: readonly string[];
}

/** While faults strike. */
const disturbedPasses = 2;
/** Once they have stopped. */
const quietPasses = 2;

export async function judgeSeed(seed: number, openLine: OpenLine): Promise<Verdict> {
  const story = storyOf(seed);
  const world = openWorld(story, openLine);
  try {
    const first = await world.plan();
    if (first.status !== "ok") return { kind: "refused", faults: 0, writes: 0, problems: [] };
    if (first.plan?.operations.length === 0) return { kind: "idle", faults: 0, writes: 0, problems: [] };
    return await play(story, world);
  } finally {
    world.close();
  }
}

async function play({ rules, wish }: Story, world: World): Promise<Verdict> {
  const isAlone = rules.every(({ fault }) => fault.kind !== "second-writer");
  const start = world.state();
  const problems: string[] = [];
  let [faults, writes] = [0, 0];
  for (let pass = 1; pass <= disturbedPasses; pass++) {
    const judged = await playOne(world, rules, isAlone);
    faults += judged.faults;
    writes += judged.writes;
    problems.push(...judged.problems.map((problem) => `pass ${String(pass)}: ${problem}`));
  }
  const quiet: string[] = [];
  for (let pass = 1; pass <= quietPasses; pass++) quiet.push(...wordFailures(await world.apply([])));
  const last = await world.plan();
  const left = last.plan?.operations.length ?? 0;
  // What somebody else has taken away may be what a manifest refers to: then it is right to refuse.
  const isRefusedRightly = !isAlone && last.status === "refused";
  if (!isRefusedRightly && (last.status !== "ok" || left > 0)) {
    const words =
      last.error?.message ?? last.plan?.findings.map(({ code, message }) => `${code}: ${message}`).join("; ");
    const changes = last.plan?.changes
      .map(({ action, kind, name }) => `${action} ${kind} ${name}`)
      .join(", ");
    problems.push(
      `not converged: ${last.status}, ${String(left)} writes left (${changes ?? ""}) ${words ?? ""}; ${quiet.join("; ")}`,
    );
  }
  if (isAlone) problems.push(...touchedOutside(start, world.state()), ...lostSecrets(wish, start, world));
  return { kind: "played", faults, writes, problems };
}

async function playOne(
  world: World,
  rules: readonly FaultRule[],
  isAlone: boolean,
): Promise<Pick<Verdict, "faults" | "writes" | "problems">> {
  const played = await world.apply(rules);
  const counts = { faults: played.struck.length, writes: played.writes.length };
  if (!isAlone) return { ...counts, problems: blindIn(played) };
  const fresh = await world.plan();
  return {
    ...counts,
    problems: [
      ...blindIn(played),
      ...excessIn(played, world),
      ...lockoutsIn(played, world),
      ...repeatsIn(played),
      ...liesIn(played, fresh),
    ],
  };
}

function wordFailures({ report }: Played): readonly string[] {
  const failed = (report.outcomes ?? []).filter(({ status }) => status !== "applied");
  return [report.error?.message ?? "", ...failed.map(({ error }) => error ?? "")].filter(
    (text) => text !== "",
  );
}
