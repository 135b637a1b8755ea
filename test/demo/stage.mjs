// What the demo plays on: a simulator as a process, a temporary folder, the built command, and a clock that ends it all.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import querystring from "node:querystring";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { request } from "undici";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "dist", "rolecall.js");
const rootPassword = "demo-root";
const limitMs = 60_000;

export async function openStage() {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "rolecall-demo-"));
  cpSync(join(root, "manifests"), join(folder, "manifests"), { recursive: true });
  cpSync(join(root, "test", "demo", "state"), join(folder, "state"), { recursive: true });
  const late = AbortSignal.timeout(limitMs);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  // Also where the demo is interrupted or fails to start.
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", clean);
  const simulator = await startSimulator(folder, late);
  process.once("exit", () => simulator.process.kill("SIGKILL"));
  const environment = { ...process.env, ...secretsOf(folder), ROLECALL_ENDPOINT: simulator.url };
  const ticket = await logIn(simulator.url);
  const say = (...lines) => process.stdout.write(`${lines.join("\n")}\n`);
  let number = 0;
  return {
    url: simulator.url,
    say,
    chapter: (title, ...lines) => {
      number += 1;
      say("", bold(`== ${number}. ${title}`), ...lines);
    },
    /** With `from`, what stands before the line that begins so is left out. */
    rolecall: async (words, expected, { from } = {}) => {
      say("", bold(`$ rolecall ${words.join(" ")}`));
      const stdio = ["ignore", from === undefined ? "inherit" : "pipe", "inherit"];
      const child = spawn(process.execPath, [main, ...words], {
        cwd: folder,
        env: environment,
        stdio,
        signal: late,
      });
      const ended = once(child, "exit");
      if (from !== undefined) await sayFrom(from, child.stdout, say);
      const [status] = await ended;
      if (status !== expected)
        throw new Error(`rolecall ${words.join(" ")} ended with ${status}, not ${expected}`);
    },
    behindItsBack: async (method, path, parameters) => {
      const fields = Object.entries(parameters);
      say(
        `$ curl -X ${method} $URL/api2/json${path} ${fields.map(([name, value]) => `-d ${name}=${value}`).join(" ")}`,
      );
      const body = querystring.stringify(parameters);
      await call(simulator.url, { method, path, body, ticket });
    },
    expectDelivered: (file) => {
      const path = join(folder, "delivered", file);
      const mode = statSync(path).mode & 0o777;
      if (mode !== 0o600 || readFileSync(path).length === 0)
        throw new Error(`${file} is not as it should be`);
    },
    end: (words) => say("", bold(`== ${words}`), `${((performance.now() - started) / 1000).toFixed(1)} s`),
    close: async () => {
      simulator.process.kill("SIGKILL");
      await once(simulator.process, "exit");
      clean();
    },
  };
}

async function sayFrom(beginning, stream, say) {
  let isReached = false;
  for await (const line of createInterface({ input: stream })) {
    isReached ||= line.startsWith(beginning);
    if (isReached) say(line);
  }
}

async function startSimulator(folder, signal) {
  const options = [
    "--listen",
    "127.0.0.1:0",
    "--state",
    join(folder, "state"),
    "--root-password",
    rootPassword,
  ];
  const child = spawn(process.execPath, [main, "simulate", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^listening on (\S+)$/u.exec(line) ?? [];
    if (url !== undefined) return { process: child, url };
  }
  throw new Error("the simulator did not start");
}

/** The company's own secrets, as a pipeline would hand them over. */
function secretsOf(folder) {
  const lines = readFileSync(join(folder, "state", "priv", "token.cfg"), "utf8").split("\n");
  const secrets = new Map(lines.map((line) => line.split(" ")));
  return {
    ROLECALL_TOKEN: secrets.get("rolecall@pve!gitops"),
    ROLECALL_PLAN_TOKEN: secrets.get("rolecall@pve!plan"),
    ROLECALL_SECRET_LEA: "changed-at-first-login",
  };
}

async function logIn(url) {
  const body = querystring.stringify({ username: "root@pam", password: rootPassword });
  const { ticket, CSRFPreventionToken } = await call(url, { method: "POST", path: "/access/ticket", body });
  return { cookie: `PVEAuthCookie=${ticket}`, csrfpreventiontoken: CSRFPreventionToken };
}

async function call(url, { method, path, body, ticket = {} }) {
  const headers = { ...ticket, "content-type": "application/x-www-form-urlencoded" };
  const answer = await request(`${url}/api2/json${path}`, { method, body, headers });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return JSON.parse(text).data;
}

function bold(text) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text;
}
