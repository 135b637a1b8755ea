// `npm run bench`: what a no-op plan, the access engine and the order cost as the server grows. Prints CPU and memory of our own process and the number
// of requests, and ratios between sizes measured in the same run: those travel between machines, milliseconds do not.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchAccess } from "./access.mjs";
import { company } from "./company.mjs";
import { benchOrder } from "./order.mjs";

const main = new URL("../../dist/rolecall.js", import.meta.url).pathname;
const usageHook = new URL("usage.mjs", import.meta.url).href;
const repeats = 5;
const sizes = [
  { name: "small", users: 500, groups: 50, entries: 800 },
  { name: "full", users: 5000, groups: 500, entries: 8000 },
];

const folder = mkdtempSync(join(tmpdir(), "rolecall-bench-"));
try {
  const start = median(Array.from({ length: repeats }, () => measure(["--version"], {})));
  line("start-up (rolecall --version)", start, 0);
  const results = [];
  for (const size of sizes) results.push(await benchSize(size));
  await benchFirstApply({ users: 1000, groups: 100, entries: 2000 });
  const [small, full] = results;
  const ratio = (full.cpuMs - start.cpuMs) / (small.cpuMs - start.cpuMs);
  console.log(`ten times the objects cost ${ratio.toFixed(1)} times the CPU beyond start-up`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
benchAccess();
benchOrder();

async function benchSize(size) {
  const { userCfg, manifests, fewManifests } = company(size);
  const state = mkdtempSync(join(folder, "state-"));
  writeFileSync(join(state, "user.cfg"), userCfg);
  const simulator = simulate(state);
  const proxy = await countingProxy(await listening(simulator));
  try {
    const file = join(folder, `${size.name}.yaml`);
    writeFileSync(file, manifests);
    const env = { ROLECALL_ENDPOINT: proxy.url, ROLECALL_PASSWORD: "bench-password" };
    const validate = await measureRepeatedly(["validate", "-f", file], env);
    line(`validate, ${size.users + size.groups + size.entries} objects`, validate, 0);
    const objects = `${size.users} users, ${size.groups} groups, ${size.entries} entries`;
    proxy.reads = 0;
    const plan = await measureRepeatedly(["plan", "--detailed-exitcode", "-f", file], env);
    line(`no-op plan of ${objects}, all declared`, plan, proxy.reads / repeats);
    writeFileSync(file, fewManifests);
    proxy.reads = 0;
    const few = await measureRepeatedly(["plan", "--detailed-exitcode", "-f", file], env);
    line(`no-op plan of ${objects}, one declared`, few, proxy.reads / repeats);
    return few;
  } finally {
    proxy.server.close();
    simulator.kill("SIGTERM");
  }
}

/** How many writes a first apply takes, against the least that could do. */
async function benchFirstApply(size) {
  const { manifests, leastWrites } = company(size);
  const state = mkdtempSync(join(folder, "state-"));
  const simulator = simulate(state);
  try {
    const file = join(folder, "first.yaml");
    writeFileSync(file, manifests);
    const env = { ROLECALL_ENDPOINT: await listening(simulator), ROLECALL_PASSWORD: "bench-password" };
    const plan = await measureAsync(["plan", "-o", "json", "-f", file], env);
    line(
      `plan of a first apply of ${size.users} users, ${size.groups} groups, ${size.entries} entries`,
      plan,
      0,
    );
    const { summary } = JSON.parse(plan.output).targets[0];
    console.log(`  ${summary.operations} writes; ${leastWrites} is the least`);
  } finally {
    simulator.kill("SIGTERM");
  }
}

function simulate(state) {
  const words = [
    "simulate",
    "--listen",
    "127.0.0.1:0",
    "--state",
    state,
    "--root-password",
    "bench-password",
  ];
  return spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "inherit"] });
}

function line(what, { cpuMs, memoryMiB }, requests) {
  const columns = [
    what.padEnd(74),
    `${cpuMs.toFixed(0).padStart(6)} ms CPU`,
    `${memoryMiB.toFixed(0).padStart(5)} MiB`,
  ];
  console.log(columns.join(" ") + (requests > 0 ? `  ${requests} requests` : ""));
}

/** One at a time and asynchronously, since the proxy lives in this process. */
async function measureRepeatedly(words, env) {
  const runs = [];
  for (let run = 0; run < repeats; run++) runs.push(await measureAsync(words, env));
  return median(runs);
}

function usageEnvironment(env) {
  const file = join(folder, "usage.json");
  return {
    file,
    env: { PATH: process.env.PATH, NODE_OPTIONS: `--import=${usageHook}`, ROLECALL_USAGE: file, ...env },
  };
}

function measure(words, env) {
  const usage = usageEnvironment(env);
  execFileSync(process.execPath, [main, ...words], { env: usage.env });
  return JSON.parse(readFileSync(usage.file, "utf8"));
}

async function measureAsync(words, env) {
  const usage = usageEnvironment(env);
  const child = spawn(process.execPath, [main, ...words], {
    env: usage.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status !== 0) throw new Error(`rolecall ${words[0]} ended with ${status}: ${output.slice(0, 2000)}`);
  return { ...JSON.parse(readFileSync(usage.file, "utf8")), output };
}

function median(runs) {
  return [...runs].sort((a, b) => a.cpuMs - b.cpuMs)[Math.floor(runs.length / 2)];
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const url = /listening on (\S+)/u.exec(text)?.[1];
      if (url) resolve(url);
    });
    child.on("exit", (status) => reject(new Error(`the simulator ended with ${status}`)));
  });
}

/** Counts what reaches the server, the login left out. */
async function countingProxy(url) {
  const proxy = { reads: 0 };
  proxy.server = createServer((incoming, outgoing) => {
    if (!incoming.url.endsWith("/access/ticket")) proxy.reads += 1;
    const onward = request(
      new URL(incoming.url, url),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
  proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
  return proxy;
}
