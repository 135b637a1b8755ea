import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { expectGolden } from "../support/golden.ts";
import { rolecall, root, type Ended } from "./support/command.ts";
import { secrets, target, useOffices, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const folder = join(root, "examples", "policies");
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** As the examples' page says it. */
function validateExample(name: string, file: "pass" | "fail", ...more: readonly string[]): Promise<Ended> {
  const files = [
    "examples/config",
    `examples/policies/${name}/policy.yaml`,
    `examples/policies/${name}/${file}.yaml`,
  ];
  return rolecall(["validate", ...files.flatMap((path) => ["-f", path]), ...more], { cwd: root });
}

describe("each example", () => {
  test("there are ten", () => expect(names).toHaveLength(10));

  test.each(names)("%s: what keeps to it passes, what breaks it is refused", async (name) => {
    const [passing, failing] = await Promise.all([
      validateExample(name, "pass"),
      validateExample(name, "fail"),
    ]);
    expect(passing).toMatchObject({ status: 0, stderr: "" });
    expect(passing.stdout).toMatch(/^\d+ manifests are valid, for target example\n$/u);
    expect(failing).toMatchObject({ status: 3, stderr: "" });
    expectGolden({ case: "policies", file: `${name}.txt` }, failing.stdout);
  });
});

describe("validate", () => {
  test("as JSON: the rule, the subjects and the chain with its places", async () => {
    const { status, stdout } = await validateExample("only-admins-grant", "fail", "-o", "json");
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: 1,
      diagnostics: [],
      findings: [
        {
          target: "example",
          severity: "error",
          code: "policy-deny",
          message: "only-admins-grant/permissions: only the group admins may modify permissions: 1 subject",
          source: { file: "examples/policies/only-admins-grant/policy.yaml", line: 8 },
          details: [
            {
              subjects: ["user:joe@pve"],
              says: "Permissions.Modify on / and below, since user joe@pve has Administrator on / (examples/policies/only-admins-grant/fail.yaml:19)",
            },
          ],
        },
      ],
    });
  });

  test("as Markdown", async () => {
    const { status, stdout } = await validateExample("comments-name-a-ticket", "fail", "-o", "markdown");
    expect(status).toBe(3);
    expectGolden({ case: "policies", file: "comments-name-a-ticket.md" }, stdout);
  });

  test("a mistake comes first: what is half read is not judged", async () => {
    const { folder: cwd, write } = await offices.open();
    write("manifests/policy.yaml", denying(""));
    write("manifests/mistake.yaml", "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: joe }\n");
    const { status, stdout } = await rolecall(["validate", "-o", "json"], { cwd });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ code: "invalid-name" }], findings: [] });
  });

  test("the release decides what a built-in role holds", async () => {
    const { folder: cwd, write } = await offices.open();
    write("manifests/policy.yaml", denying(""));
    write("manifests/admin.yaml", grant("PVEAdmin", "user: joe@pve"));
    expect(await rolecall(["validate"], { cwd })).toMatchObject({ status: 0 });
    expect(await rolecall(["validate", "--server-version", "7.4"], { cwd })).toMatchObject({ status: 3 });
    expect(await rolecall(["validate", "--server-version", "6.0"], { cwd })).toMatchObject({ status: 1 });
  });
});

const own = "except: ['user:rolecall@pve', 'token:rolecall@pve!gitops']";

function denying(except: string, severity = "error"): string {
  return `apiVersion: rolecall.dev/v1
kind: Policy
metadata: { name: grants }
spec:
  rules:
    - name: permissions
      deny: { privileges: [Permissions.Modify]${except === "" ? "" : `, ${except}`} }
      severity: ${severity}
      message: ask the security team
`;
}

function grant(role: string, subject: string): string {
  return `apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: grant }
spec: { path: /, roles: [${role}], subjects: [{ ${subject} }] }
`;
}

interface Report {
  readonly status: string;
  readonly changes: readonly { readonly kind: string; readonly name: string; readonly held: boolean }[];
  readonly findings: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly changes: readonly number[];
  }[];
}

/** Policies and target apart from what they guard. */
async function guarded(
  { folder: cwd, env, write }: Office,
  files: { readonly policy: string; readonly more: string; readonly settings?: string },
  ...words: readonly string[]
): Promise<Ended & { readonly report: Report | undefined }> {
  write("config/target.yaml", target.replace("safety: {", `safety: { ${files.settings ?? ""}`));
  write("config/policy.yaml", files.policy);
  write("objects/access.yaml", officeObjects);
  write("objects/more.yaml", files.more);
  const ended = await rolecall([...words, "-c", "config", "-f", "objects", "-o", "json"], { cwd, env });
  // Proof: the plan's schema is tested elsewhere.
  const document = (ended.stdout === "" ? {} : JSON.parse(ended.stdout)) as {
    readonly targets?: readonly Report[];
  };
  return { ...ended, report: document.targets?.[0] };
}

const officeObjects = `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: anna@pve }
spec: { groups: [operators] }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: operators }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: operators }
spec: { path: /vms, roles: [PVEVMUser], subjects: [{ group: operators }] }
`;

function policyFindings(report: Report | undefined): readonly string[] {
  return (report?.findings ?? [])
    .filter(({ code }) => code.startsWith("policy-"))
    .map(({ severity, message, changes }) => {
      const names = changes.map((index) => report?.changes[index]?.name ?? "");
      return `${severity} ${message}${names.length === 0 ? "" : ` | ${names.join(", ")}`}`;
    });
}

describe("plan and apply", () => {
  test("what a change brings is refused before anything is written; approved, it passes", async () => {
    const office = await offices.open();
    const files = { policy: denying(own), more: grant("Administrator", "group: operators") };
    const before = office.server.files()["user.cfg"];
    const plan = await guarded(office, files, "plan");
    expect(plan).toMatchObject({ status: 3, report: { status: "refused" } });
    expect(policyFindings(plan.report)).toEqual([
      "error grants/permissions: ask the security team: 1 subject | / group:operators",
    ]);
    const apply = await guarded(office, files, "apply", "--yes");
    expect(apply.status).toBe(3);
    expect(office.server.files()["user.cfg"]).toBe(before);
    const approved = await guarded(office, files, "apply", "--yes", "--approve", "policy-deny=1");
    expect(approved.status).toBe(0);
    // It stands and is declared: the manifests break the policy still.
    expect((await guarded(office, files, "plan")).status).toBe(3);
  });

  test("what stands already and nobody declares is told, and stops nothing", async () => {
    const office = await offices.open();
    const { status, report } = await guarded(
      office,
      { policy: denying(""), more: officeObjects.replace(/^---[^]*/mu, "").replace("anna", "joe") },
      "plan",
    );
    expect(status).toBe(0);
    expect(policyFindings(report)).toEqual([
      "warning grants/permissions: ask the security team: 2 subjects; it stands on the server already, and no manifest declares it",
    ]);
  });

  test("with onFinding: hold, what breaks the policy waits and the rest proceeds", async () => {
    const office = await offices.open();
    const more = `${grant("Administrator", "group: operators")}---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: old@pve }
spec: { ensure: absent }
`;
    const { status, report } = await guarded(
      office,
      { policy: denying(own), more, settings: "onFinding: hold, " },
      "apply",
      "--yes",
    );
    expect(status).toBe(3);
    expect(report?.changes.filter(({ held }) => held).map(({ name }) => name)).toEqual(["/ group:operators"]);
    expect(office.server.files()["user.cfg"]).not.toContain("old@pve");
    expect(office.server.files()["user.cfg"]).not.toContain("Administrator");
  });

  test("a policy among the manifests is an error where there is --config", async () => {
    const office = await offices.open();
    const { status, stderr, stdout } = await guarded(
      office,
      { policy: denying(own), more: denying("") },
      "plan",
    );
    expect(status).toBe(1);
    expect(stderr + stdout).toContain("misplaced");
    expect(stderr + stdout).not.toContain(secrets.gitops);
  });
});
