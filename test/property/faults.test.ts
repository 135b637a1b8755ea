// Random manifests against random servers on which random things go wrong (test/support/chaos/): once they stop, everything is
// as declared, and on the way nothing was lied about, made twice, lost, or done to what is out of scope. The clock is wound, so
// nothing waits. A seed is a story: `npm run chaos -- --seed N` plays one again, `npm run chaos` plays 10,000.

import { expect, test } from "@jest/globals";
import { judgeSeed } from "../support/chaos/judge.ts";
import { overSockets, withoutSocket, type OpenLine } from "../support/chaos/lines.ts";

const first = Number(process.env["CHAOS_SEED"] ?? 1);
/** About half of the seeds have something to apply. */
const wanted = Number(process.env["CHAOS_STORIES"] ?? 500);
/** Real connections take their time. */
const wantedOverSockets = Math.ceil(wanted / 10);
const tellEvery = 500;

test.each<[string, number, OpenLine]>([
  ["without a socket", wanted, withoutSocket],
  ["over sockets", wantedOverSockets, overSockets],
])(
  "%s, whatever goes wrong, every story ends as declared, and every outcome is true",
  async (way, most, openLine) => {
    const told: string[] = [];
    const sum = { stories: 0, seeds: 0, writes: 0, faults: 0 };
    while (sum.stories < most && (most > 1 || sum.seeds < 1)) {
      const seed = first + sum.seeds++;
      const { kind, writes, faults, problems } = await judgeSeed(seed, openLine);
      if (kind === "played") sum.stories += 1;
      sum.writes += writes;
      sum.faults += faults;
      told.push(...problems.map((problem) => `seed ${seed}: ${problem}`));
      const isToldOf = sum.stories % tellEvery === 0 || sum.stories === most;
      if (kind === "played" && isToldOf) process.stdout.write(`${wordSum(way, sum, told.length)}\n`);
    }
    expect(told).toEqual([]);
  },
  7_200_000,
);

function wordSum(way: string, sum: Readonly<Record<string, number>>, problems: number): string {
  const counts = Object.entries({ ...sum, problems }).map(([name, count]) => `${count} ${name}`);
  return `${way}: ${counts.join(", ")}`;
}
