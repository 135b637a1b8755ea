import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { kubeconfigFor, startKubernetes } from "../support/fake-kubernetes.ts";
import { rolecall, root } from "./support/command.ts";
import { secrets, useOffices, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const examples = join(root, "examples");
const password = "until-the-first-login";

/** The examples in a folder of their own, since the sink writes beside them. */
async function openExamples(): Promise<{ readonly office: Office; readonly cwd: string }> {
  const office = await offices.open();
  const cwd = join(office.folder, "repository");
  cpSync(examples, join(cwd, "examples"), { recursive: true });
  return { office, cwd };
}

function environment(office: Office): Record<string, string> {
  return { ...office.env, ROLECALL_TOKEN_ID: "rolecall@pve!gitops", ROLECALL_SECRET_KIM: password };
}

/** Applies, and then there is nothing left to do. */
async function bringAbout(words: readonly string[], { cwd, env, stdin = "" }: Running): Promise<void> {
  expect(await rolecall(["validate", ...words], { cwd, env, stdin })).toMatchObject({ status: 0 });
  expect(await rolecall(["apply", "--yes", ...words], { cwd, env, stdin })).toMatchObject({ status: 0 });
  const again = await rolecall(["plan", "--detailed-exitcode", ...words], { cwd, env, stdin });
  expect(again).toMatchObject({ status: 0 });
}

interface Running {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly stdin?: string;
}

/** Folders in the order in which they are applied to one server, and what its user.cfg then holds, and does not. */
const jobs: readonly {
  readonly folders: readonly string[];
  readonly has: readonly RegExp[];
  readonly lacks?: RegExp;
}[] = [
  {
    folders: ["administrators"],
    has: [/^group:admins:alice@pve,bob@pve:may do everything:$/mu, /^acl:1:\/:@admins:Administrator:$/mu],
  },
  {
    folders: ["auditors"],
    has: [/^acl:1:\/:vera@pve:PVEAuditor:$/mu, /^acl:1:\/vms:max@pve:PVEAuditor:$/mu],
  },
  {
    folders: ["delegated-user-management"],
    has: [
      /^acl:1:\/access:hr@pve:PVEUserAdmin:$/mu,
      /^acl:1:\/access\/groups\/customers:support@pve:PVEUserAdmin:$/mu,
      /^acl:1:\/access\/realm\/pve:support@pve:PVEUserAdmin:$/mu,
    ],
  },
  {
    folders: ["power-only-role"],
    has: [/^role:PowerOnly:VM\.Console,VM\.PowerMgmt:$/mu, /^acl:1:\/vms:@night-shift:PowerOnly:$/mu],
  },
  { folders: ["user-with-password/1-created"], has: [/^user:kim@pve:1:0:Kim:/mu] },
  {
    folders: ["user-with-password/1-created", "user-with-password/2-disabled"],
    has: [/^user:kim@pve:0:0:Kim:/mu],
  },
  {
    folders: ["automation-token"],
    has: [
      /^token:terraform@pve!provision:1924991999:1:provisions guests/mu,
      /^acl:1:\/pool\/terraform:terraform@pve,terraform@pve!provision:TerraformGuests:$/mu,
      /^role:TerraformGuests:(?!.*VM\.Monitor).*VM\.GuestAgent\.Audit/mu,
    ],
  },
  {
    folders: ["rotated-token"],
    has: [
      /^token:backup@pve!nightly:[1-9]\d+:1:the nightly job/mu,
      /^acl:1:\/storage:backup@pve,backup@pve!nightly:PVEDatastoreUser:$/mu,
    ],
  },
  {
    folders: ["time-boxed"],
    has: [
      /^user:carol@pve:1:4102444799:/mu,
      /^group:on-call:carol@pve:who is on call:$/mu,
      /^acl:1:\/vms:@operators,carol@pve:PVEVMUser:$/mu,
      /^user:dave@pve:1:0:/mu,
    ],
    lacks: /PVEDatastoreAdmin/u,
  },
  {
    folders: ["pools"],
    has: [
      /^pool:web:everything of the web team:::$/mu,
      /^pool:web\/production::100,101::$/mu,
      /^pool:web\/test::102:local:$/mu,
      /^acl:1:\/pool\/web\/test:@web:PVEVMAdmin:$/mu,
    ],
  },
  {
    folders: ["automation-token", "token-revoked"],
    has: [/^user:terraform@pve:1:/mu],
    lacks: /^token:terraform@pve!provision/mu,
  },
];

describe("each example is brought about on a server that has a life of its own", () => {
  test.each(jobs)("$folders", async ({ folders, has, lacks }) => {
    const { office, cwd } = await openExamples();
    for (const folder of folders) {
      await bringAbout(["-c", "examples/config", "-f", `examples/${folder}`], {
        cwd,
        env: environment(office),
      });
    }
    const userCfg = office.server.files()["user.cfg"];
    for (const pattern of has) expect(userCfg).toMatch(pattern);
    if (lacks !== undefined) expect(userCfg).not.toMatch(lacks);
    // The users that were there still are: the examples' target does not prune.
    expect(userCfg).toContain("user:old@pve:");
  });

  test("the token's secret lies in its file, for its owner only, as a line that a shell can source", async () => {
    const { office, cwd } = await openExamples();
    await bringAbout(["-c", "examples/config", "-f", "examples/automation-token"], {
      cwd,
      env: environment(office),
    });
    const file = join(cwd, "examples", "delivered", "terraform.env");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toMatch(
      /^PROXMOX_VE_API_TOKEN='terraform@pve!provision=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'\n$/u,
    );
  });

  test("no folder is left out", () => {
    const tested = new Set(jobs.flatMap(({ folders }) => folders.map((folder) => folder.split("/")[0])));
    const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const rest = folders.map(({ name }) => name).filter((name) => !tested.has(name));
    // Realms: test/e2e/realms.test.ts.
    expect(rest).toEqual(["ci", "config", "deploy", "policies", "realms", "several-clusters", "sinks"]);
  });
});

test("sinks of every kind: the secret is in each, and the password in its file", async () => {
  const { office, cwd } = await openExamples();
  const cluster = await startKubernetes();
  writeFileSync(join(cwd, "examples", "kubeconfig"), kubeconfigFor(cluster.url));
  const env = { ...environment(office), STORE: join(cwd, "store") };
  const words = ["-f", "examples/sinks"];
  expect(await rolecall(["apply", "--yes", "--allow-exec", ...words], { cwd, env })).toMatchObject({
    status: 0,
  });
  expect(await rolecall(["plan", "--detailed-exitcode", ...words], { cwd, env })).toMatchObject({
    status: 0,
  });
  const at = (file: string): string => readFileSync(join(cwd, file), "utf8");
  const token = /'(backup@pve!nightly=.*)'/u.exec(at("examples/delivered/backup.env"))?.[1];
  // Proof: the program of the example stored what it was given, which is JSON.
  const stored = JSON.parse(at("store/proxmox/example/nightly")) as { token: string; secret: string };
  expect(stored.token).toBe(token);
  expect(at("examples/delivered/backup.json.age")).toContain("BEGIN AGE ENCRYPTED FILE");
  const held = cluster.secrets.get("proxmox")?.data["token"] ?? "";
  expect(Buffer.from(held, "base64").toString("utf8")).toBe(stored.secret);
  expect(at("examples/delivered/monitor.password")).toHaveLength(32);
  expect(statSync(join(cwd, "examples/delivered/monitor.password")).mode & 0o777).toBe(0o640);
  await cluster.close();
});

describe("several clusters", () => {
  /** What kustomize 5.5 printed for the two overlays, reformatted; kustomize itself is not needed to run this. */
  const rendered = (name: string): string =>
    readFileSync(join(root, "test", "e2e", "rendered", `${name}.yaml`), "utf8");

  test("with spec.targets: what is common, what only some have, what differs", async () => {
    const clusters = {
      BERLIN: await offices.open(),
      HAMBURG: await offices.open(),
      LAB: await offices.open(),
    };
    const env = Object.fromEntries(
      Object.entries(clusters).flatMap(([name, { server }]) => [
        [`${name}_ENDPOINT`, server.url],
        [`${name}_TOKEN`, secrets.gitops],
      ]),
    );
    await bringAbout(["-f", "several-clusters/with-targets"], { cwd: examples, env });
    const [berlin = "", hamburg = "", lab = ""] = Object.values(clusters).map(
      ({ server }) => server.files()["user.cfg"] ?? "",
    );
    for (const userCfg of [berlin, hamburg, lab]) expect(userCfg).toContain("acl:1:/:@admins:Administrator:");
    for (const userCfg of [berlin, hamburg]) {
      expect(userCfg).toContain("acl:1:/vms:@developers:PVEAuditor:");
      expect(userCfg).not.toContain("erin@pve");
    }
    expect(lab).toMatch(/^acl:1:\/vms:@developers,erin@pve:PVEVMAdmin:$/mu);
    expect(lab).not.toContain("auditor@pve");
  });

  test.each([
    ["berlin", /^acl:1:\/:auditor@pve:PVEAuditor:$/mu],
    ["lab", /^group:developers:dora@pve,erin@pve:/mu],
  ])("with kustomize: what it prints for %s goes in over standard input", async (name, pattern) => {
    const { server } = await offices.open();
    const env = {
      [`${name.toUpperCase()}_ENDPOINT`]: server.url,
      [`${name.toUpperCase()}_TOKEN`]: secrets.gitops,
    };
    const config = `several-clusters/with-kustomize/config/${name}.yaml`;
    await bringAbout(["-c", config, "-f", "-"], { cwd: examples, env, stdin: rendered(name) });
    expect(server.files()["user.cfg"]).toMatch(pattern);
  });
});
