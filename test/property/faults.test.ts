// Random manifests against random servers on which random things go wrong (test/support/chaos/): once they stop, everything is
// as declared, and on the way nothing was lied about, made twice, or done to what is out of scope. The clock is wound, so
// nothing waits. A seed is a story: `npm run chaos -- --seed N` plays one again, `npm run chaos` plays 10,000.

import { expect, test } from "@jest/globals";
import { judgeSeed } from "../support/chaos/judge.ts";

const first = Number(process.env["CHAOS_SEED"] ?? 1);
/** About half of the seeds have something to apply. */
const wanted = Number(process.env["CHAOS_STORIES"] ?? 500);
const tellEvery = 500;

test("whatever goes wrong, every story ends as declared, and every outcome is true", async () => {
  const told: string[] = [];
  const sum = { played: 0, seeds: 0, writes: 0, faults: 0 };
  while (sum.played < wanted && (wanted > 1 || sum.seeds < 1)) {
    const seed = first + sum.seeds++;
    const { kind, writes, faults, problems } = await judgeSeed(seed);
    if (kind === "played") sum.played += 1;
    sum.writes += writes;
    sum.faults += faults;
    told.push(...problems.map((problem) => `seed ${String(seed)}: ${problem}`));
    if (kind === "played" && sum.played % tellEvery === 0) process.stdout.write(`${wordSum(sum)}\n`);
  }
  expect(told).toEqual([]);
}, 3_600_000);

function wordSum(sum: Readonly<Record<string, number>>): string {
  return Object.entries(sum)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(", ");
}
