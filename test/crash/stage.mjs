// One run of the program against one simulated server, and what must be true of both after the last one.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { request } from "undici";
import { Prover } from "../../src/apply/audit-prover.ts";
import { applyTargets } from "../../src/cli/applying.ts";
import { loadDesired } from "../../src/cli/manifests.ts";
import { startSimulator } from "../../src/simulator/server.ts";
import { splitLines } from "../../src/support/lines.ts";
import { systemClock } from "../../src/support/clock.ts";
import { entries, token } from "./scenarios.mjs";

export function openFolder({ manifests }) {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-crash-"));
  writeFileSync(join(folder, "manifests.yaml"), manifests);
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The sinks and the audit log as they are at the start. */
export function clean(folder, { old }) {
  for (const name of ["ci", "spare", "audit.jsonl"])
    rmSync(join(folder, name), { recursive: true, force: true });
  if (old !== undefined) {
    mkdirSync(join(folder, "ci", "a"), { recursive: true });
    mkdirSync(join(folder, "spare"));
    writeFileSync(join(folder, "ci", "a", "deploy"), old, { mode: 0o600 });
    const parts = { tokenid: token, secret: old, token: `${token}=${old}` };
    writeFileSync(join(folder, "spare", "deploy.json"), `${JSON.stringify(parts)}\n`, { mode: 0o600 });
  }
}

export function serve({ version }, files) {
  return startSimulator({
    clock: systemClock,
    rootPassword: "root",
    serverVersion: version,
    state: { files },
  });
}

export function wordsFor(folder, words) {
  return [...words, "-f", join(folder, "manifests.yaml"), "--audit-log", join(folder, "audit.jsonl")];
}

/** A process as commands know it, and what it was told. */
function quietProcess(env) {
  const said = { stdout: "", stderr: "" };
  const stream = (name) =>
    new PassThrough({
      transform: (chunk, _, done) => {
        said[name] += chunk.toString();
        done();
      },
    });
  const [stdin, stdout, stderr] = [new PassThrough(), stream("stdout"), stream("stderr")];
  const ignored = () => undefined;
  return { said, process: { argv: [], env, stdin, stdout, stderr, on: ignored, removeListener: ignored } };
}

/** The manifests are read once a scenario: what is cut off is what comes after. */
export async function readManifests(folder) {
  const { process, said } = quietProcess({});
  const options = { filename: [join(folder, "manifests.yaml")], output: "text", color: false };
  const { states, isValid } = await loadDesired(process, options);
  if (!isValid) throw new Error(`the manifests are wrong: ${said.stderr}`);
  return states;
}

/** The commands apply and tokens rotate in this process, from where the manifests are read. */
export function play({ states, folder, env, asked }) {
  const { process, said } = quietProcess(env);
  const options = {
    filename: [],
    output: "text",
    color: false,
    yes: true,
    auditLog: join(folder, "audit.jsonl"),
    logLevel: "error",
  };
  const { signal } = new AbortController();
  const errand = {
    manifests: { digest: "sha256:0" },
    ...(asked && {
      asked: new Set(asked),
      onlyFor: () => asked.map((name) => ({ kind: "Token", name })),
    }),
  };
  return { said, ended: applyTargets(states, options, errand, { process, signal }) };
}

/** Throws what is wrong after the program has run once more; it ends with 0 only where nothing is left to do. */
export async function expectWhole({ environment, lines }, { folder, states, server }) {
  const mended = play({ states, folder, env: { ...environment, ROLECALL_ENDPOINT: server.url } });
  const status = await mended.ended;
  const { stdout, stderr } = mended.said;
  if (status !== 0) throw new Error(`the run after it ended with ${status}:\n${stdout}${stderr}`);
  const userCfg = server.files()["user.cfg"];
  expectState(userCfg);
  const texts = Object.values(server.files()).join("\n");
  for (const line of lines)
    if ([...texts.matchAll(new RegExp(line, "gmu"))].length !== 1)
      throw new Error(`${line} is not in the server's files once`);
  const secret = readFileSync(join(folder, "ci", "a", "deploy"), "utf8");
  const spare = JSON.parse(readFileSync(join(folder, "spare", "deploy.json"), "utf8"));
  for (const text of [secret, spare.secret]) await expectAccepted(server.url, text);
  expectLines(readFileSync(join(folder, "audit.jsonl"), "utf8"), [secret, ...Object.values(environment)]);
  expectChain(readFileSync(join(folder, "audit.jsonl")));
}

async function expectAccepted(url, secret) {
  const answer = await request(`${url}/api2/json/version`, {
    headers: { authorization: `PVEAPIToken=${token}=${secret}` },
  });
  await answer.body.dump();
  if (answer.statusCode !== 200)
    throw new Error(`a sink holds a secret that is answered ${answer.statusCode}`);
}

function expectState(userCfg) {
  const tokens = [...userCfg.matchAll(/^token:([^:]+):([0-9]+):/gmu)].map(([, id]) => id).sort();
  const wanted = [token, "other@pve!stays", "rolecall@pve!gitops"].sort();
  if (tokens.join() !== wanted.join()) throw new Error(`the server has the tokens ${tokens.join(", ")}`);
  const own = [...userCfg.matchAll(/^acl:1:([^:]+):([^:]*):([^:]*):/gmu)]
    .filter(([, , subjects]) => subjects.split(",").includes(token))
    .map(([, path, , roles]) => `${path} ${roles}`)
    .sort();
  if (own.join() !== [...entries].sort().join())
    throw new Error(`the token has the entries ${own.join(", ")}`);
}

/** Every line but a cut one is whole, nothing has an outcome that was not announced, and no secret is in any. */
function expectLines(text, secrets) {
  const lines = text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const keyOf = ({ run: id, target, write }) => `${id} ${target} ${write}`;
  const begun = new Set(lines.filter(({ phase }) => phase === "before").map(keyOf));
  const stray = lines.filter((line) => line.phase === "after" && !begun.has(keyOf(line)));
  if (stray.length > 0)
    throw new Error(`the audit log has an outcome without a beginning: ${JSON.stringify(stray[0])}`);
  for (const secret of secrets) if (text.includes(secret)) throw new Error("the audit log holds a secret");
}

/** Whatever was cut off, the chain holds. */
function expectChain(bytes) {
  const prover = new Prover();
  prover.begin("audit.jsonl");
  for (const line of splitLines(bytes)) prover.take(line, true);
  const { broken } = prover.end();
  if (broken !== undefined) throw new Error(`the audit log is broken: ${JSON.stringify(broken)}`);
}
