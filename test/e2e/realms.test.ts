import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { rolecall, root } from "./support/command.ts";
import { secrets, target, useOffices, userCfg, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const realm = (name: string, spec: string): string =>
  `apiVersion: rolecall.dev/v1\nkind: Realm\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const corp = (more: string): string =>
  realm(
    "corp",
    `{ type: ldap, options: { server1: ldap.example, base_dn: dc=x, user_attr: uid }, secrets: { password: { env: ROLECALL_SECRET_LDAP } }${more} }`,
  );
const canary = "canary-bind-password-7316";

/** Who applies may make realms, and who plans may see jobs. */
const allowed = userCfg
  .replace("Realm.AllocateUser", "Realm.Allocate,Realm.AllocateUser")
  .replace("acl:1:/access:rolecall@pve!plan", "acl:1:/:rolecall@pve!plan");

interface Opening {
  readonly domains?: string;
  readonly jobs?: string;
  readonly cfg?: string;
  readonly directories?: Readonly<Record<string, readonly string[]>>;
}

async function openRealms(
  serverVersion = "9.2.11",
  { domains, jobs, directories = {}, cfg = allowed }: Opening = {},
): Promise<Office> {
  const files = {
    "user.cfg": cfg,
    ...(domains !== undefined && { "domains.cfg": domains }),
    ...(jobs !== undefined && { "jobs.cfg": jobs }),
    "priv/token.cfg": `rolecall@pve!gitops ${secrets.gitops}\nrolecall@pve!plan ${secrets.plan}\n`,
  };
  const office = await offices.open({ state: { files }, serverVersion, directories });
  office.write(
    "manifests/target.yaml",
    target
      .replace("prune: true", "prune: { realms: true }")
      .replace("{ maxRevocations: 100% }", "{ maxRevocations: 100%, maxDeletes: 100% }"),
  );
  return office;
}

function writes({ server }: Office): readonly string[] {
  return server.requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/u, "")}`);
}

describe("realms, from nothing to nothing", () => {
  test("made, changed, the default moved, synced by a job, deleted, and each time nothing is left to do", async () => {
    const office = await openRealms();
    const { folder: cwd, write, server } = office;
    const env = { ...office.env, ROLECALL_SECRET_LDAP: canary };
    const settle = async (documents: readonly string[]): Promise<string> => {
      write("manifests/access.yaml", documents.join("---\n"));
      const { stdout } = await rolecall(["plan"], { cwd, env });
      const applied = await rolecall(["apply", "--yes", "--verbose", "--audit-log", "audit.jsonl"], {
        cwd,
        env,
      });
      expect(applied).toMatchObject({ status: 0 });
      const again = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
      expect(again).toMatchObject({ status: 0 });
      for (const text of [stdout, applied.stdout, applied.stderr, again.stdout])
        expect(text).not.toContain(canary);
      return stdout;
    };

    const made = await settle([
      corp(", comment: 'ö', default: true, sync: { schedule: daily, removeVanished: [entry] }"),
    ]);
    expect(made).toContain('password: "from env ROLECALL_SECRET_LDAP; it can\'t be read back"');
    expect(server.files()["priv/realm/corp.pw"]).toBe(`${canary}\n`);
    expect(server.files()["jobs.cfg"]).toBe(
      "realm-sync: realm-sync-corp\n\tenabled 1\n\trealm corp\n\tremove-vanished entry\n\tschedule daily\n\tscope both\n\n",
    );

    await settle([
      corp(", comment: '', sync: { schedule: hourly, scope: users, enabled: false }"),
      realm("pve", "{ default: true, comment: ours, options: { tfa: { type: oath } } }"),
      realm(
        "sso",
        "{ type: openid, options: { issuer-url: https://id.example, client-id: pve, autocreate: true } }",
      ),
    ]);
    expect(server.files()["domains.cfg"]).toBe(
      [
        "pam: pam\n\tcomment Linux PAM standard authentication\n",
        "pve: pve\n\tcomment ours\n\tdefault 1\n\ttfa type=oath\n",
        "ldap: corp\n\tbase_dn dc=x\n\tserver1 ldap.example\n\tuser_attr uid\n",
        "openid: sso\n\tclient-id pve\n\tissuer-url https://id.example\n\tautocreate 1\n",
      ]
        .join("\n")
        .concat("\n"),
    );

    await settle([corp(", ensure: absent, sync: { ensure: absent }"), realm("pve", "{ default: false }")]);
    expect(Object.keys(server.files())).not.toContain("priv/realm/corp.pw");
    expect(server.files()["jobs.cfg"]).toBe("");
    expect(server.files()["domains.cfg"]).not.toMatch(/corp|sso|default/u);
  });

  test("the secret is set again when that is asked for, and goes nowhere else", async () => {
    const office = await openRealms();
    const { folder: cwd, write, server } = office;
    write("manifests/access.yaml", corp(""));
    const options = { cwd, env: { ...office.env, ROLECALL_SECRET_LDAP: "the-first" } };
    expect(await rolecall(["apply", "--yes"], options)).toMatchObject({ status: 0 });
    const again = { cwd, env: { ...office.env, ROLECALL_SECRET_LDAP: canary } };
    expect(await rolecall(["plan", "--detailed-exitcode"], again)).toMatchObject({ status: 0 });
    const set = await rolecall(
      [
        "realm",
        "set-secret",
        "--yes",
        "--verbose",
        "--target",
        "office",
        "corp",
        "--audit-log",
        "audit.jsonl",
      ],
      again,
    );
    expect(set).toMatchObject({ status: 0 });
    expect(server.files()["priv/realm/corp.pw"]).toBe(`${canary}\n`);
    expect(writes(office).at(-1)).toBe("PUT /access/domains/corp");
    const said = [set.stdout, set.stderr, readFileSync(join(cwd, "audit.jsonl"), "utf8")].join("");
    expect(said).toContain("env ROLECALL_SECRET_LDAP");
    expect(said).not.toContain(canary);
    const unknown = await rolecall(["realm", "set-secret", "--yes", "nope"], again);
    expect(unknown).toMatchObject({ status: 1, stdout: "" });
    expect(unknown.stderr).toContain("no manifest of these targets declares a secret of the realm nope");
  });

  test("a key of a second factor goes to the server alone, and stays what it is where nothing changes", async () => {
    const office = await openRealms();
    const { folder: cwd, write, server } = office;
    const [first, second] = ["canary/first+key=", "canary/second+key="];
    const env = { ...office.env, ROLECALL_SECRET_YUBICO: first, ROLECALL_SECRET_LDAP: canary };
    const factor = (id: number): string =>
      `options: { tfa: { type: yubico, id: ${id}, url: "https://otp.example/verify" } }`;
    const key = "secrets: { tfa-key: { env: ROLECALL_SECRET_YUBICO } }";
    const seen: string[] = [];
    const run = async (words: readonly string[], key = first): Promise<number | null> => {
      const ended = await rolecall(words, { cwd, env: { ...env, ROLECALL_SECRET_YUBICO: key } });
      seen.push(ended.stdout, ended.stderr);
      return ended.status;
    };
    const stored = (): string | undefined => /\ttfa (.*)\n/u.exec(server.files()["domains.cfg"] ?? "")?.[1];

    write("manifests/access.yaml", `${realm("pve", `{ ${factor(1)}, ${key} }`)}---\n${corp("")}`);
    for (const output of ["text", "json", "markdown"])
      expect(await run(["plan", "--verbose", "-o", output, "--out", `plan-${output}.json`])).toBe(0);
    expect(seen[0]).toContain(
      'tfa="id=1,type=yubico,url=https://otp.example/verify,key="<env ROLECALL_SECRET_YUBICO>',
    );
    expect(seen[0]).toContain(
      '--tfa id=1,type=yubico,url=https://otp.example/verify,key="$ROLECALL_SECRET_YUBICO"',
    );
    expect(await run(["apply", "--yes", "--audit-log", "audit.jsonl"])).toBe(0);
    expect(stored()).toBe(`id=1,type=yubico,url=https://otp.example/verify,key=${first}`);
    expect(await run(["plan", "--detailed-exitcode"])).toBe(0);

    // Another key at its source is not seen, and set where that is asked for.
    expect(await run(["plan", "--detailed-exitcode"], second)).toBe(0);
    expect(await run(["realm", "set-secret", "--yes", "--all", "--audit-log", "audit.jsonl"], second)).toBe(
      0,
    );
    expect(stored()).toContain(`key=${second}`);
    expect(writes(office).slice(-2)).toEqual(["PUT /access/domains/corp", "PUT /access/domains/pve"]);

    // What the server has is exported without it, and the plan is empty.
    expect(await run(["export", "--target", "office", "--only", "Realm/pve", "--out", "exported"])).toBe(0);
    const exported = readFileSync(join(cwd, "exported/realms.yaml"), "utf8");
    expect(exported).toContain('tfa: { id: "1", type: yubico, url: "https://otp.example/verify" }');
    write("manifests/access.yaml", `${exported}---\n${corp("")}`);
    expect(await run(["plan", "--detailed-exitcode"])).toBe(0);

    // One that changes needs it.
    write("manifests/access.yaml", `${realm("pve", `{ ${factor(2)} }`)}---\n${corp("")}`);
    expect(await run(["apply", "--yes"])).toBe(3);
    expect(seen.join("")).toContain("error realm-secret-missing: tfa of realm pve says type=yubico");
    expect(stored()).toContain("id=1,");
    const files = ["text", "json", "markdown"].map((output) => `plan-${output}.json`);
    for (const text of [
      ...seen,
      ...[...files, "audit.jsonl"].map((file) => readFileSync(join(cwd, file), "utf8")),
      exported,
    ])
      expect(text).not.toMatch(/canary/u);
  });

  test.each<[string, string, string]>([
    ["both", "--all corp", "--all and corp were both given"],
    ["neither", "", "name some, or all with --all; declared are corp"],
  ])("set-secret takes names or --all: %s", async (_, words, said) => {
    const office = await openRealms();
    office.write("manifests/access.yaml", corp(""));
    const ended = await rolecall(
      ["realm", "set-secret", "--yes", ...words.split(" ").filter((word) => word !== "")],
      { cwd: office.folder, env: office.env },
    );
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toContain(said);
  });

  test("a directory that does not answer keeps a realm from being stored; one that does is", async () => {
    const office = await openRealms("9.2.11", { directories: { corp: [] } });
    const { folder: cwd, write, server } = office;
    const env = { ...office.env, ROLECALL_SECRET_LDAP: canary };
    const deaf = corp(", checkConnection: true").replace("name: corp", "name: deaf");
    write("manifests/access.yaml", `${corp(", checkConnection: true")}---\n${deaf}`);
    const { status, stdout, stderr } = await rolecall(["apply", "--yes"], { cwd, env });
    expect(status).toBe(4);
    expect(stdout + stderr).toContain("add auth server failed: Connection refused");
    expect(server.files()["domains.cfg"]).toMatch(/ldap: corp\n/u);
    expect(server.files()["domains.cfg"]).not.toContain("deaf");
    expect(stdout + stderr).not.toContain(canary);
  });

  test("a job goes before the realm that nobody declares; who may not see jobs is told, and the realm goes", async () => {
    const domains = "ldap: old\n\tbase_dn dc=x\n\tserver1 h\n\tuser_attr uid\n\n";
    const jobs = "realm-sync: nightly\n\trealm old\n\tschedule daily\n\tscope both\n\n";
    for (const cfg of [
      allowed,
      allowed.replace("acl:1:/:rolecall@pve!plan", "acl:1:/access:rolecall@pve!plan"),
    ]) {
      const maySee = cfg === allowed;
      const office = await openRealms("9.2.11", { domains, jobs, cfg });
      const { folder: cwd, env, write, server } = office;
      write("manifests/access.yaml", realm("pve", "{ comment: ours }"));
      const { status, stdout } = await rolecall(["plan", "--verbose"], { cwd, env });
      expect(status).toBe(0);
      expect(stdout.includes("DELETE /cluster/jobs/realm-sync/nightly")).toBe(maySee);
      expect(stdout.includes("warning sync-jobs-unseen")).toBe(!maySee);
      expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0 });
      expect(server.files()["domains.cfg"]).not.toContain("old");
      expect(server.files()["jobs.cfg"]).toBe("");
    }
  });

  test("a release without an option says so, and nothing is written", async () => {
    const office = await openRealms("8.4.5");
    const { folder: cwd, env, write } = office;
    write(
      "manifests/access.yaml",
      realm("sso", "{ type: openid, options: { issuer-url: u, client-id: c, audiences: a } }"),
    );
    const { status, stdout } = await rolecall(["apply", "--yes"], { cwd, env });
    expect(status).toBe(3);
    expect(stdout).toContain("release 8.4.5 has no option audiences for realm sso: 9.2 brought it");
    expect(writes(office)).toEqual([]);
  });

  test("what the server can't read is told before anything is sent", async () => {
    const office = await openRealms("9.2.11", { domains: "ldap: old\n\tserver1 h\n\n" });
    const { folder: cwd, write } = office;
    const env = { ...office.env, ROLECALL_SECRET_LDAP: canary };
    write("manifests/access.yaml", `${corp("")}---\n${realm("old", "{ type: ldap }")}`);
    const { status, stdout } = await rolecall(["apply", "--yes"], { cwd, env });
    expect(status).toBe(3);
    expect(stdout).toContain("the server can't read what it has stored of realm old");
    expect(writes(office)).toEqual([]);
  });

  test("a caller that may not see a realm's options is told what it lacks", async () => {
    const office = await openRealms("9.2.11", { cfg: userCfg });
    const { folder: cwd, env, write } = office;
    write("manifests/access.yaml", corp(", sync: { schedule: daily }"));
    const { status, stdout } = await rolecall(["plan"], { cwd, env });
    expect(status).toBe(1);
    expect(stdout).toMatch(/may not see everything.*sync jobs \(Sys\.Audit on \/, propagated\)/u);
  });
});

test("the example is applied, and then there is nothing left to do", async () => {
  const office = await openRealms();
  const cwd = join(office.folder, "repository");
  cpSync(join(root, "examples"), join(cwd, "examples"), { recursive: true });
  const env = {
    ...office.env,
    ROLECALL_TOKEN_ID: "rolecall@pve!gitops",
    ROLECALL_SECRET_LDAP: canary,
    ROLECALL_SECRET_SSO: "canary-client-key-4411",
    ROLECALL_SECRET_YUBICO: "canary-second-factor-9",
  };
  const words = ["--config", "examples/config", "--filename", "examples/realms"];
  expect(await rolecall(["validate", ...words], { cwd, env })).toMatchObject({ status: 0, stderr: "" });
  const applied = await rolecall(["apply", "--yes", ...words], { cwd, env });
  const again = await rolecall(["plan", "--verbose", "-o", "json", ...words], { cwd, env });
  // The entry of the directory's group waits for the first sync.
  expect(applied.status).toBe(3);
  expect(applied.stdout).toContain("in 4 writes");
  expect(JSON.parse(again.stdout)).toMatchObject({
    targets: [{ summary: { create: 0, update: 0, operations: 0 } }],
  });
  expect(office.server.files()["domains.cfg"]).toContain("client-key canary-client-key-4411");
  for (const text of [applied.stdout, applied.stderr, again.stdout]) expect(text).not.toMatch(/canary/u);
});

describe("a sync of a realm", () => {
  const domains = "ldap: corp\n\tbase_dn dc=x\n\tserver1 h\n\tuser_attr uid\n\n";

  async function openSync(directories: Opening["directories"] = { corp: ["anna", "ben"] }): Promise<Office> {
    const office = await openRealms("9.2.11", { domains, directories });
    office.write("manifests/access.yaml", realm("corp", "{ type: ldap }"));
    return office;
  }

  test("starts it, shows its log, and is recorded", async () => {
    const office = await openSync();
    const options = { cwd: office.folder, env: office.env };
    const dry = await rolecall(["realm", "sync", "--dry-run", "--scope", "both", "corp"], options);
    expect(dry).toMatchObject({ status: 0, stderr: "" });
    expect(dry.stdout).toContain("NOTE: Dry test run");
    expect(office.server.files()["user.cfg"]).not.toContain("@corp");
    const synced = await rolecall(
      [
        "realm",
        "sync",
        "--yes",
        "--scope",
        "users",
        "--remove-vanished",
        "acl,entry",
        "corp",
        "--audit-log",
        "audit.jsonl",
      ],
      options,
    );
    expect(synced.status).toBe(0);
    expect(synced.stdout).toBe(
      [
        "starting sync for realm corp",
        "got data from server, updating users",
        "adding user 'anna@corp'",
        "adding user 'ben@corp'",
        "successfully updated users configuration",
        "TASK OK",
        "",
      ].join("\n"),
    );
    expect(synced.stderr).toContain("of those that the directory no longer has goes: entry;acl");
    expect(office.server.files()["user.cfg"]).toContain("user:ben@corp:1:0:");
    const lines = readFileSync(join(office.folder, "audit.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        phase: "before",
        operation: {
          path: "/access/domains/corp/sync",
          parameters: { scope: "users", "remove-vanished": "entry;acl" },
        },
      },
      { phase: "after", outcome: { status: "done" } },
    ]);
  });

  test("what the server says of a failure is shown, with its status", async () => {
    const office = await openSync({});
    const { status, stdout, stderr } = await rolecall(["realm", "sync", "--yes", "--scope", "both", "corp"], {
      cwd: office.folder,
      env: office.env,
    });
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: "starting sync for realm corp\nTASK ERROR: Connection refused\n",
    });
    expect(stderr).toContain("the sync failed on the server: Connection refused");
  });

  test.each<[string, readonly string[], number, string]>([
    ["an unknown realm", ["--yes", "nope"], 1, "there is no realm nope on the server: it can sync corp"],
    ["a realm without a directory", ["--yes", "pve"], 1, "only ldap and ad have a directory"],
    ["nobody to ask", ["corp"], 1, "asks before it writes, and there is no terminal to ask on"],
    ["no scope anywhere", ["--yes", "corp"], 1, "scope: Not passed as parameter"],
    [
      "a slip in an option",
      ["--yes", "--remove-vanished", "entries", "corp"],
      1,
      "It takes entry, properties and acl",
    ],
    ["what is no realm", ["--yes", "c"], 1, "is not a realm"],
  ])("%s", async (_, words, status, said) => {
    const office = await openSync();
    const ended = await rolecall(["realm", "sync", ...words], { cwd: office.folder, env: office.env });
    expect(ended).toMatchObject({ status, stdout: "" });
    expect(ended.stderr).toContain(said);
    expect(office.server.files()["user.cfg"]).not.toContain("@corp");
  });

  test("nothing is started while the target is paused", async () => {
    const office = await openRealms("9.2.11", { domains, cfg: `${allowed}group:rolecall-pause:::\n` });
    office.write("manifests/access.yaml", realm("corp", "{ type: ldap }"));
    const ended = await rolecall(["realm", "sync", "--yes", "--scope", "both", "corp"], {
      cwd: office.folder,
      env: office.env,
    });
    expect(ended).toMatchObject({ status: 3, stdout: "" });
    expect(writes(office)).toEqual([]);
  });
});
