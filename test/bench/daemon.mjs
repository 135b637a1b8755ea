// `npm run bench:daemon`: 500 targets in one daemon at rest, over TLS, with tokens. One simulated server plays them all.
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const main = new URL("../../dist/rolecall.js", import.meta.url).pathname;
const certificate = new URL("../support/tls/self-signed.pem", import.meta.url).pathname;
const key = new URL("../support/tls/self-signed.key", import.meta.url).pathname;
const secret = "11111111-2222-4333-8444-555555555501";
const count = 500;
const seconds = Number(process.argv[process.argv.indexOf("--seconds") + 1]) || 120;
const folder = mkdtempSync(join(tmpdir(), "rolecall-bench-"));
const children = [];

try {
  await benchDaemon();
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

async function benchDaemon() {
  // What is declared is there already: a daemon at rest reads, and finds nothing to do.
  const state = join(folder, "state");
  mkdirSync(join(state, "priv"), { recursive: true });
  writeFileSync(join(state, "user.cfg"), userCfg(20));
  writeFileSync(join(state, "priv/token.cfg"), `rolecall@pve!gitops ${secret}\n`);
  const tls = ["--tls-cert", certificate, "--tls-key", key];
  const simulator = start(["simulate", "--listen", "127.0.0.1:0", "--state", state, ...tls], {});
  const env = { ROLECALL_ENDPOINT: await listening(simulator), ROLECALL_TOKEN: secret };
  const targets = Array.from({ length: count }, (_, at) => targetText(`t${at}`));
  const manifests = join(folder, "manifests");
  mkdirSync(manifests);
  writeFileSync(join(manifests, "targets.yaml"), targets.join("---\n"));
  writeFileSync(join(manifests, "users.yaml"), usersText(20));
  const daemon = start(["watch", "-f", manifests, "--listen", "127.0.0.1:0", "--log-level", "error"], env);
  const url = await listening(daemon);
  const begun = Date.now();
  while ((await get(`${url}/readyz`)).status !== 200) await wait(200);
  const readyMs = Date.now() - begun;
  // Until the first passes are spread over the interval, and the memory that they took is given back.
  await wait(60_000);
  const before = { passes: await passesOf(url), cpu: cpuSeconds(daemon.pid), at: Date.now() };
  const samples = [];
  while (Date.now() - before.at < seconds * 1000) {
    await wait(1_000);
    samples.push(memoryMiB(daemon.pid));
  }
  const took = (Date.now() - before.at) / 1000;
  const share = (100 * (cpuSeconds(daemon.pid) - before.cpu)) / took;
  const passes = (await passesOf(url)) - before.passes;
  console.log(`${count} targets, first passes of all after ${(readyMs / 1000).toFixed(1)} s`);
  const memory = samples.sort((a, b) => a - b);
  console.log(
    `  at rest, at the default interval of 5m: ${memory[memory.length >> 1].toFixed(0)} MiB (at most ${memory.at(-1).toFixed(0)}), ${share.toFixed(2)} % of a core (${passes} passes in ${took.toFixed(0)} s, ${((share * took * 10) / passes).toFixed(1)} ms each)`,
  );
}

async function passesOf(url) {
  const { text } = await get(`${url}/metrics`);
  const counters = [...text.matchAll(/^rolecall_passes_total\{.*\} (\d+)$/gmu)];
  return counters.reduce((sum, [, count]) => sum + Number(count), 0);
}

function targetText(name) {
  const credentials = "{ token: { id: rolecall@pve!gitops, secret: { env: ROLECALL_TOKEN } } }";
  const tls = `{ fingerprint: "${new X509Certificate(readFileSync(certificate)).fingerprint256}" }`;
  const spec = `{ product: pve, endpoints: [{ env: ROLECALL_ENDPOINT }], prune: false, tls: ${tls}, credentials: ${credentials} }`;
  return `apiVersion: rolecall.dev/v1\nkind: Target\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

function usersText(users) {
  return Array.from(
    { length: users },
    (_, at) => `apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: u${at}@pve }\n`,
  ).join("---\n");
}

function userCfg(users) {
  const lines = Array.from({ length: users }, (_, at) => `user:u${at}@pve:1:0::::::`);
  const caller = "user:rolecall@pve:1:0::::::\ntoken:rolecall@pve!gitops:0:0::\n";
  return `user:root@pam:1:0::::::\n${caller}${lines.join("\n")}\nacl:1:/:rolecall@pve:Administrator:\n`;
}

function start(words, env) {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

/** User and system, in ticks of 10 ms (proc(5)). */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

function get(url) {
  return new Promise((resolve, reject) => {
    const asked = request(url, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
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
