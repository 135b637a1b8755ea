import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { systemClock } from "../../src/support/clock.ts";
import { kubeconfigFor, startKubernetes, type FakeKubernetes } from "../support/fake-kubernetes.ts";
import { spellings } from "./support/canary.ts";
import { rolecall } from "./support/command.ts";
import { access, target, useOffices, userCfg, type Office } from "./support/office.ts";
import { useDaemons } from "./support/watching.ts";

/** Every secret is a random text, with signs in it that YAML, JSON, URLs and shells write in another way. */
const uuid = (): string =>
  randomBytes(16)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
const word = (): string => `${randomBytes(12).toString("base64")}/+&='"ä%`;

const secrets = {
  gitops: uuid(),
  plan: uuid(),
  wrong: uuid(),
  rootPassword: word(),
  joe: word(),
  kim: word(),
  /** Sent inside of an option, beside what is none. */
  tfaKey: word(),
  /** Shorter than the server takes. */
  short: `!${randomBytes(3).toString("hex")}`,
  clusterToken: uuid(),
};

const offices = useOffices();
const daemons = useDaemons();
let office: Office;
let cluster: FakeKubernetes;
let identity: string;

/** What the daemon tells programs, and what it shows to people. */
const documents = ["/api/v1/status", "/api/v1/targets/office", "/metrics", "/healthz", "/readyz"];
const pages = ["/", "/targets/office", "/access?target=office&subject=user:rolecall@pve"];

/** A token and a password that the daemon makes. */
const watched = `apiVersion: rolecall.dev/v1
kind: Token
metadata: { name: ci@pve!watched }
spec: { sinks: [{ name: ci, as: watched.json, format: json }, { name: hook }] }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: watched@pve }
spec: { password: { generate: { sinks: [{ name: ci, as: watched.pass, format: raw }] } } }
`;

/** All that came out of the commands, and every file that they were asked to write. */
const seen: { readonly words: string; readonly text: string }[] = [];

async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  const ended = await rolecall(words, { cwd: office.folder, env: { ...office.env, ...env } });
  seen.push({ words: words.join(" "), text: `${ended.stdout}\n${ended.stderr}` });
  return ended.status;
}

beforeAll(async () => {
  const state = {
    files: {
      "user.cfg": userCfg.replace("Realm.AllocateUser", "Realm.Allocate,Realm.AllocateUser"),
      "priv/token.cfg": `rolecall@pve!gitops ${secrets.gitops}\nrolecall@pve!plan ${secrets.plan}\n`,
    },
  };
  const { rootPassword } = secrets;
  office = await offices.open({ clock: systemClock, rootPassword, state });
  cluster = await startKubernetes();
  identity = await generateX25519Identity();
  office.write(
    "manifests/target.yaml",
    target
      .replace(
        "{ env: ROLECALL_TOKEN }",
        "{ exec: { command: printenv, args: [FROM_A_PROGRAM], inheritEnv: [FROM_A_PROGRAM] } }",
      )
      .replace(
        /sinks: .*\n/u,
        `secrets: { dir: ../secrets }\n  sinks: { ci: { file: { dir: ../delivered } }, hook: { exec: { command: ../hook.sh } }, ` +
          `team: { age: { dir: ../delivered, recipients: [${await identityToRecipient(identity)}] } }, ` +
          `k8s: { kubernetesSecret: { namespace: apps, name: proxmox, kubeconfig: ../kube } } }\n`,
      ),
  );
  office.write(
    "manifests/access.yaml",
    `${access.replace(
      /sinks: \[.*\]/u,
      "sinks: [{ name: ci, as: deploy.json, format: json }, { name: hook }, { name: team, as: deploy.age }, { name: k8s, as: token }]",
    )}---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: gen@pve }
spec: { password: { generate: { length: 24, sinks: [{ name: ci, as: gen.pass, format: raw }, { name: hook }] } } }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: kim@pam }
spec: { password: { from: { file: kim } } }
---
apiVersion: rolecall.dev/v1
kind: Realm
metadata: { name: pve }
spec: { options: { tfa: { type: yubico, id: 4711 } }, secrets: { tfa-key: { env: ROLECALL_SECRET_YUBICO } } }
`,
  );
  office.write("secrets/kim", `${secrets.kim}\n`);
  office.write("hook.sh", `#!/bin/sh\ntee /dev/stderr\nexit "$(cat "$(dirname "$0")/status")"\n`);
  chmodSync(join(office.folder, "hook.sh"), 0o755);
  office.write("kube", kubeconfigFor(cluster.url, { user: { token: secrets.clusterToken } }));
  Object.assign(office.env, {
    FROM_A_PROGRAM: secrets.gitops,
    ROLECALL_PLAN_TOKEN: secrets.plan,
    ROLECALL_SECRET_JOE: secrets.joe,
    ROLECALL_SECRET_YUBICO: secrets.tfaKey,
  });
});
afterAll(async () => {
  await daemons.close();
  await cluster.close();
  await offices.close();
});

describe("no secret leaves by another way than its sinks", () => {
  const loud = ["--allow-exec", "--verbose", "--log-level", "debug"] as const;
  const audited = [...loud, "--audit-log", "audit.jsonl"] as const;
  const found: string[] = Object.values(secrets);

  /** What the sinks and the server hold now: each delivery of a run that failed is one more secret. */
  function note(): void {
    const live = office.server.files()["priv/token.cfg"] ?? "";
    found.push(...live.split("\n").flatMap((line) => line.split(" ")[1] ?? []));
    for (const file of ["deploy.json", "gen.pass", "watched.json", "watched.pass"]) {
      const path = join(office.folder, "delivered", file);
      if (!existsSync(path)) continue;
      const text = readFileSync(path, "utf8");
      // Proof: format json writes it so.
      found.push(file.endsWith(".json") ? (JSON.parse(text) as { secret: string }).secret : text);
    }
  }

  test("in whatever runs, those that work and those that fail", async () => {
    expect(await run(["validate"])).toBe(0);
    for (const output of ["text", "json", "markdown"]) {
      expect(await run(["plan", ...loud, "-o", output, "--out", `plan-${output}.json`])).toBe(0);
    }
    expect(await run(["plan", ...loud, "--log-format", "text"])).toBe(0);
    // Refused before the first write, by the server at the login, or in the middle.
    expect(await run(["plan", ...loud], { ROLECALL_PLAN_TOKEN: secrets.wrong })).toBe(1);
    expect(await run(["apply", "--yes", ...audited], { FROM_A_PROGRAM: secrets.wrong })).toBe(1);
    expect(await run(["apply", "--yes", ...audited], { ROLECALL_SECRET_JOE: secrets.short })).toBe(1);
    // Named as an id, where it is not one.
    expect(await run(["plan", ...loud, "--caller", secrets.gitops])).toBe(1);

    office.write("status", "3");
    expect(await run(["apply", "--yes", ...audited, "-o", "json"])).toBe(4);
    note();
    office.write("status", "0");
    expect(await run(["apply", "--yes", ...audited])).toBe(4);
    note();
    expect(await run(["apply", "--yes", ...audited, "--log-format", "text", "-o", "markdown"])).toBe(1);
    note();
    expect(await run(["access", "report", "--allow-exec", "--log-level", "debug"])).toBe(0);
    expect(office.server.files()["domains.cfg"]).toContain(`key=${secrets.tfaKey}`);
    // The key once more, one that the server's form does not have, and what the server has.
    const setKey = ["realm", "set-secret", "--yes", ...audited, "--all", "-o", "json"];
    expect(await run(setKey)).toBe(0);
    expect(await run(setKey, { ROLECALL_SECRET_YUBICO: `${secrets.tfaKey},url=https://elsewhere` })).toBe(1);
    expect(await run(["export", "--allow-exec", "--log-level", "debug", "--out", "exported"])).toBe(0);
    seen.push({
      words: "realms.yaml",
      text: readFileSync(join(office.folder, "exported/realms.yaml"), "utf8"),
    });

    for (const output of ["text", "json", "markdown"]) {
      const file = `plan-${output}.json`;
      seen.push({ words: file, text: readFileSync(join(office.folder, file), "utf8") });
    }
  });

  test("nor in what looks after tokens and in what the daemon says", async () => {
    for (const words of [
      ["list"],
      ["verify"],
      ["rotate", "--yes", "--audit-log", "audit.jsonl", "ci@pve!deploy"],
    ]) {
      for (const output of ["text", "json"]) {
        const quiet = words[0] === "rotate" ? ["--verbose"] : [];
        const status = await run([
          "tokens",
          ...words,
          "--allow-exec",
          ...quiet,
          "--log-level",
          "debug",
          "-o",
          output,
        ]);
        expect([words[0], status]).toEqual([words[0], 0]);
        note();
      }
    }
    const daemon = await daemons.open(
      office,
      "--allow-exec",
      "--verify-sinks",
      "--log-level",
      "debug",
      "--audit-log",
      "audit.jsonl",
    );
    const look = async (): Promise<void> => {
      for (const path of [...documents, ...pages]) {
        const { status, text } = await daemon.get(path);
        expect([path, status]).toEqual([path, 200]);
        seen.push({ words: path, text });
      }
      note();
    };
    await daemon.until("a look", async () => (await daemon.target("office"))?.sinks !== undefined);
    await look();
    // It makes secrets itself: one that does not arrive everywhere, and then one that does.
    office.write("status", "3");
    office.write("manifests/watched.yaml", watched);
    const isMade = (): boolean => existsSync(join(office.folder, "delivered/watched.json"));
    await daemon.until("a secret that did not arrive", isMade, 20_000);
    await look();
    office.write("status", "0");
    await daemon.until(
      "one that did",
      () => /^token:ci@pve!watched:0:/mu.test(office.server.files()["user.cfg"] ?? ""),
      20_000,
    );
    await look();
    await daemon.stop();
    expect(daemon.log.length).toBeGreaterThan(10);
    seen.push({ words: "watch", text: daemon.log.map((line) => JSON.stringify(line)).join("\n") });
    const audit = readFileSync(join(office.folder, "audit.jsonl"), "utf8");
    expect(audit.trim().split("\n").length).toBeGreaterThan(10);
    seen.push({ words: "audit.jsonl", text: audit });
  });

  test("which a search in every spelling shows", () => {
    const all = new Set(found);
    // Those above, and of each run that came that far a token's secret and a password.
    expect(all.size).toBeGreaterThanOrEqual(Object.keys(secrets).length + 8);
    expect(seen.length).toBeGreaterThan(40);
    const leaks = seen.flatMap(({ words, text }) =>
      [...all]
        .flatMap((secret) => spellings(secret).filter((spelling) => text.includes(spelling)))
        .map((spelling) => `${words}: ${spelling}`),
    );
    expect(leaks).toEqual([]);
  });

  test("and the search would find them", () => {
    const secret = found[4] ?? "";
    for (const text of [
      `x${secret}x`,
      JSON.stringify({ secret }),
      `password=${encodeURIComponent(secret)}`,
      new URLSearchParams({ secret }).toString(),
      Buffer.from(`joe:${secret}`).toString("base64"),
      Buffer.from(`jo:${secret}!`).toString("base64url"),
      Buffer.from(secret).toString("hex"),
    ]) {
      expect(spellings(secret).some((spelling) => text.includes(spelling))).toBe(true);
    }
  });

  test("the age sink's file is the one thing that is meant to be seen", () => {
    expect(readFileSync(join(office.folder, "delivered/deploy.age"), "utf8")).toContain(
      "BEGIN AGE ENCRYPTED",
    );
  });
});
