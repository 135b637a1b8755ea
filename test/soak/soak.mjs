// `npm run soak [-- --minutes N]`: a daemon under churn, 30 minutes unless told otherwise. Manifests change in every way that
// they can arrive, the server is changed by hand, goes down and comes back. At the end everything must be as declared, and
// memory and open files must not have grown.
import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const main = new URL("../../dist/rolecall.js", import.meta.url).pathname;
const minutes = Number(process.argv[process.argv.indexOf("--minutes") + 1]) || 30;
const password = "soak-password";
const targets = ["a", "b", "c"];
const folder = mkdtempSync(join(tmpdir(), "rolecall-soak-"));
const children = new Set();

try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

async function soak() {
  const servers = [];
  for (const name of targets) servers.push(await simulate(name, 0));
  publish(0);
  const env = Object.fromEntries(servers.map(({ name, url }) => [`URL_${name.toUpperCase()}`, url]));
  const daemon = spawn(
    process.execPath,
    [
      main,
      "watch",
      "-f",
      join(folder, "current"),
      "--listen",
      "127.0.0.1:0",
      "--settle",
      "1s",
      "--log-level",
      "error",
    ],
    { env: { PATH: process.env.PATH, PASSWORD: password, ...env }, stdio: ["ignore", "pipe", "ignore"] },
  );
  children.add(daemon);
  const url = await listening(daemon);
  await until("the first pass", async () => (await statusOf(url)).targets.length === targets.length);

  const samples = [];
  const end = Date.now() + minutes * 60_000;
  let round = 0;
  while (Date.now() < end) {
    round += 1;
    publish(round);
    if (round % 3 === 0) await meddle(servers[round % servers.length]);
    if (round % 10 === 5) await bounce(servers, round % servers.length);
    await wait(1_500 + (round % 4) * 500);
    samples.push(sampleOf(daemon.pid));
  }

  publish(round + 1);
  const isConverged = await until("everything as declared", async () => {
    const { targets: all } = await statusOf(url);
    return all.every(({ name, lastPass }) => lastPass?.result === "synced" && hasUser(name, round + 1));
  });
  const text = await get(`${url}/metrics`);
  const passes = [...text.matchAll(/^rolecall_passes_total\{.*\} (\d+)$/gmu)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  daemon.kill("SIGTERM");
  const status = await new Promise((resolve) => daemon.once("close", resolve));
  return report({ samples, passes, round, isConverged, status });
}

/** The next tree beside the last ones, and one rename that leads to it; every fifth is broken. */
function publish(round) {
  const tree = join(folder, `tree-${round}`);
  mkdirSync(tree);
  for (const name of targets) {
    const spec = `{ product: pve, endpoints: [{ env: URL_${name.toUpperCase()} }], prune: true, interval: 5s, safety: { maxDeletes: 100%, maxRevocations: 100% }, credentials: { password: { user: root@pam, password: { env: PASSWORD } } } }`;
    writeFileSync(
      join(tree, `${name}.yaml`),
      `apiVersion: rolecall.dev/v1\nkind: Target\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
    );
  }
  const users = Array.from({ length: 20 }, (_, at) => `u${(round + at) % 40}`);
  const documents = [...users, `round${round}`].map(
    (name) =>
      `apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: ${name}@pve }\nspec: { comment: round ${round % 7}, groups: [g] }\n`,
  );
  documents.push("apiVersion: rolecall.dev/v1\nkind: Group\nmetadata: { name: g }\n");
  documents.push(
    "apiVersion: rolecall.dev/v1\nkind: ACL\nmetadata: { name: g }\nspec: { path: /vms, roles: [PVEAuditor], subjects: [{ group: g }] }\n",
  );
  writeFileSync(
    join(tree, "users.yaml"),
    documents.join("---\n") + (round % 5 === 4 && Date.now() % 2 === 0 ? "---\nkind: Nonsense\n" : ""),
  );
  symlinkSync(tree, join(folder, "next"));
  renameSync(join(folder, "next"), join(folder, "current"));
  rmSync(join(folder, `tree-${round - 3}`), { recursive: true, force: true });
}

function hasUser(name, round) {
  return readFileSync(join(folder, `state-${name}`, "user.cfg"), "utf8").includes(`user:round${round}@pve`);
}

async function simulate(name, port) {
  const state = join(folder, `state-${name}`);
  mkdirSync(state, { recursive: true });
  const child = spawn(
    process.execPath,
    [main, "simulate", "--listen", `127.0.0.1:${port}`, "--state", state, "--root-password", password],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.add(child);
  return { name, child, url: await listening(child) };
}

/** The server goes down for a while and comes back at the same address. */
async function bounce(servers, at) {
  const { name, child, url } = servers[at];
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("close", resolve));
  children.delete(child);
  await wait(2_000);
  servers[at] = await simulate(name, new URL(url).port);
}

/** Somebody changes the server by hand. */
async function meddle({ url }) {
  const form = (fields) =>
    Object.entries(fields)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
  const login = JSON.parse(
    await send("POST", `${url}/api2/json/access/ticket`, {}, form({ username: "root@pam", password })),
  );
  const headers = {
    cookie: `PVEAuthCookie=${login.data.ticket}`,
    csrfpreventiontoken: login.data.CSRFPreventionToken,
  };
  await send("POST", `${url}/api2/json/access/users`, headers, form({ userid: `stranger${Date.now()}@pve` }));
}

function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        headers: {
          ...headers,
          "content-type": "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += chunk));
        answer.on("end", () => resolve(text));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

async function get(url) {
  return await send("GET", url, {}, "");
}

async function statusOf(url) {
  return JSON.parse(await get(`${url}/api/v1/status`));
}

function sampleOf(pid) {
  const memory = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return { memoryMiB: Number(memory[1]) / 1024, files: readdirSync(`/proc/${pid}/fd`).length };
}

/** The second fifth against the last: what start-up takes is over by then, and what leaks goes on. */
function report({ samples, passes, round, isConverged, status }) {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const early = samples.slice(fifth, fifth * 2);
  const late = samples.slice(-fifth);
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const memory = [early, late].map((part) => median(part.map(({ memoryMiB }) => memoryMiB)));
  const files = [early, late].map((part) => median(part.map(({ files: open }) => open)));
  console.log(`${minutes} min, ${round} sets of manifests, ${passes} passes over ${targets.length} targets`);
  console.log(
    `memory ${memory.map((one) => one.toFixed(0)).join(" → ")} MiB, at most ${Math.max(...samples.map(({ memoryMiB }) => memoryMiB)).toFixed(0)}`,
  );
  console.log(
    `open files ${files.join(" → ")}, at most ${Math.max(...samples.map(({ files: open }) => open))}`,
  );
  const failures = [
    ...(isConverged ? [] : ["not everything is as declared"]),
    ...(status === 0 ? [] : [`the daemon ended with ${status}`]),
    // A short run still warms up.
    ...(memory[1] > memory[0] * 1.3 + 20 ? ["memory grew"] : []),
    ...(files[1] > files[0] + 10 ? ["open files grew"] : []),
  ];
  console.log(failures.length === 0 ? "well" : `NOT WELL: ${failures.join(", ")}`);
  return failures.length === 0;
}

async function until(what, holds, withinMs = 60_000) {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await holds().catch(() => false)) return true;
    await wait(100);
  }
  console.log(`never: ${what}`);
  return false;
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const url = /listening on (\S+)/u.exec(text)?.[1];
      if (url) resolve(url);
    });
    child.on("exit", (status) => reject(new Error(`it ended with ${status}`)));
  });
}
