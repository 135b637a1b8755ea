// The crash test: each scenario, most of tokens and one of all kinds, is cut off after every single answer, file operation and audit line in turn,
// and then run again. It always converges: the secret in the sinks logs in, no second token is left, the token's entries
// are whole. All of them in this process, where what is cut off never goes on; the scenarios that --real names also as
// a process that is killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { counted, watchDoors } from "./doors.mjs";
import { scenarios } from "./scenarios.mjs";
import { clean, expectWhole, openFolder, play, readManifests, serve, wordsFor } from "./stage.mjs";

const main = fileURLToPath(new URL("../../dist/rolecall.js", import.meta.url));
const killer = new URL("kill-at.mjs", import.meta.url).href;
const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, real: { type: "string", multiple: true, default: [] } },
});

/** Runs until the point and no further; gives how many points there were where it ended by itself. */
async function frozenAt(point, scenario, { folder, states, server }) {
  const env = { ...scenario.environment, ROLECALL_ENDPOINT: server.url };
  let cutOff;
  const cut = new Promise((resolve) => {
    cutOff = resolve;
  });
  const onPoint = () => {
    // Nothing that is still on its way may arrive.
    void server.close();
    cutOff(undefined);
  };
  const { result, seen } = counted({ limit: point, onPoint }, () =>
    play({ states, folder, env, asked: scenario.asked }),
  );
  const status = await Promise.race([cut, result.ended.then((code) => ({ code }))]);
  if (status === undefined) return undefined;
  const { stdout, stderr } = result.said;
  if (status.code !== 0) throw new Error(`undisturbed it ended with ${status.code}:\n${stdout}${stderr}`);
  return seen();
}

async function killedAt(point, scenario, { folder, server }) {
  const count = join(folder, "count");
  rmSync(count, { force: true });
  const child = spawn(process.execPath, ["--import", killer, main, ...wordsFor(folder, scenario.words)], {
    env: {
      ...scenario.environment,
      ROLECALL_ENDPOINT: server.url,
      CRASH_AT: String(point),
      CRASH_COUNT: count,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const [code, signal] = await once(child, "close");
  if (signal === "SIGKILL") return undefined;
  if (code !== 0) throw new Error(`undisturbed it ended with ${code}:\n${said}`);
  return Number(readFileSync(count, "utf8"));
}

async function attempt(point, scenario, { folder, states }, cutAt) {
  clean(folder, scenario);
  let server = await serve(scenario, scenario.files);
  try {
    const seen = await cutAt(point, scenario, { folder, states, server });
    const files = server.files();
    await server.close().catch(() => undefined);
    server = await serve(scenario, files);
    await expectWhole(scenario, { folder, states, server });
    return seen;
  } catch (error) {
    throw new Error(`${scenario.name}, cut at point ${point}: ${error.message}`, { cause: error });
  } finally {
    await server.close().catch(() => undefined);
  }
}

async function everyPoint(scenario, cutAt) {
  const { folder, close } = openFolder(scenario);
  try {
    const states = await readManifests(folder);
    for (let point = 1; ; point++) {
      const seen = await attempt(point, scenario, { folder, states }, cutAt);
      if (seen !== undefined) return seen;
    }
  } finally {
    close();
  }
}

/** A process takes its time to start, so some run side by side, each with a server and a folder of its own. */
async function everyKill(scenario) {
  const open = { next: 1, seen: undefined };
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      const { folder, close } = openFolder(scenario);
      try {
        const states = await readManifests(folder);
        while (open.seen === undefined) {
          const point = open.next++;
          const seen = await attempt(point, scenario, { folder, states }, killedAt);
          if (seen !== undefined) open.seen = seen;
        }
      } finally {
        close();
      }
    }),
  );
  return open.seen;
}

await watchDoors();
let total = 0;
let killed = 0;
const started = performance.now();
for (const scenario of scenarios.filter(({ name }) => name.includes(values.only))) {
  const begun = performance.now();
  const points = await everyPoint(scenario, frozenAt);
  total += points;
  const isReal = values.real.some((part) => scenario.name.includes(part));
  const real = isReal ? await everyKill(scenario) : 0;
  killed += real;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const also = isReal ? `, ${real} of a killed process` : "";
  process.stdout.write(`${scenario.name}: ${points} crash points${also}, ${seconds} s\n`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`crash points: ${total}, of a killed process: ${killed}, in ${seconds} s\n`);
process.exit(0);
