import { afterEach, describe, expect, test } from "@jest/globals";
import { rolecall } from "./support/command.ts";
import { secrets, target, useOffices, userCfg, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const pool = (name: string, spec: string): string =>
  `apiVersion: rolecall.dev/v1\nkind: Pool\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

/** Pools live at the start: the operators rule over what is in `old`. */
const livePools = `
pool:old:left by somebody:101,102:local:
pool:old/inner::103::

acl:1:/pool/old:@operators:PVEVMAdmin:
`;

/** An office whose manifests speak of pools alone; the guests are 100 to 110. */
async function openPools(serverVersion = "9.2.11", live = livePools, rest = userCfg): Promise<Office> {
  const files = {
    "user.cfg": rest + live,
    "priv/token.cfg": `rolecall@pve!gitops ${secrets.gitops}\nrolecall@pve!plan ${secrets.plan}\n`,
  };
  const office = await offices.open({ state: { files }, serverVersion });
  const budgets = "{ maxRevocations: 100%, maxDeletes: 100% }";
  office.write(
    "manifests/target.yaml",
    target.replace("prune: true", "prune: { pools: true }").replace("{ maxRevocations: 100% }", budgets),
  );
  return office;
}

function poolLines({ server }: Office): readonly string[] {
  return (server.files()["user.cfg"] ?? "").split("\n").filter((line) => line.startsWith("pool:"));
}

function writes({ server }: Office): readonly string[] {
  return server.requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/u, "")}`);
}

describe("pools, from nothing to nothing", () => {
  test("made, filled, moved, emptied, deleted, and each time nothing is left to do", async () => {
    const office = await openPools();
    const { folder: cwd, env, write } = office;
    const settle = async (documents: readonly string[]): Promise<string> => {
      write("manifests/access.yaml", documents.join("---\n"));
      const { stdout } = await rolecall(["plan"], { cwd, env });
      expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0, stderr: "" });
      const again = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
      expect(again).toMatchObject({ status: 0, stderr: "" });
      return stdout;
    };

    const made = await settle([
      pool("team/dev", "{ vms: [101, 100], storages: [local] }"),
      pool("team", "{ comment: ours }"),
      pool("old", "{ vms: [102] }"),
      pool("old/inner", "{}"),
    ]);
    expect(made).toMatch(/user:anna@pve, user:old@pve {2}on \/vms\/101\n\s+loses VM\./u);
    expect(poolLines(office)).toEqual([
      "pool:old:left by somebody:102:local:",
      "pool:old/inner::103::",
      "pool:team:ours:::",
      "pool:team/dev::100,101:local:",
    ]);
    expect(writes(office)).toEqual(["POST /pools", "POST /pools", "PUT /pools"]);

    await settle([pool("team", "{ vms: [100, 101, 102] }"), pool("team/dev", "{ vms: [], storages: [] }")]);
    expect(poolLines(office)).toEqual(["pool:team:ours:100,101,102::", "pool:team/dev::::"]);
    expect(office.server.files()["user.cfg"]).not.toContain("/pool/old");

    await settle([pool("team", "{ ensure: absent }"), pool("team/dev", "{ ensure: absent }")]);
    expect(poolLines(office)).toEqual([]);
  });

  test("a release that cannot move a guest takes it out and puts it in", async () => {
    const live = "pool:a::100::\npool:b::::\n";
    const office = await openPools("8.0.4", live);
    office.write("manifests/access.yaml", `${pool("a", "{}")}---\n${pool("b", "{ vms: [100] }")}`);
    const { folder: cwd, env } = office;
    expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0 });
    expect(poolLines(office)).toEqual(["pool:a::::", "pool:b::100::"]);
    // Whom both pools give the same on the guest keeps it in between by a temporary role.
    expect(writes(office)).toEqual([
      "POST /access/roles",
      "PUT /access/acl",
      "PUT /pools/a",
      "PUT /pools/b",
      "DELETE /access/roles/rolecall-tmp-1",
    ]);
  });
});

describe("a guest that does not exist yet", () => {
  test("is put into its pool once; that the server hides it there is a warning, never a change", async () => {
    const office = await openPools();
    const { folder: cwd, env, write } = office;
    write("manifests/access.yaml", `${pool("new", "{ vms: [100, 500] }")}---\n${pool("old", "{}")}`);
    write("manifests/inner.yaml", pool("old/inner", "{}"));
    const applied = await rolecall(["apply", "--yes"], { cwd, env });
    expect(applied).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("guest 500 should be in pool new"),
    });
    expect(poolLines(office)).toContain("pool:new::100,500::");
    const again = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining("member-unreadable") });
  });

  test("also where an entry stands on it, so that only the apply itself can know", async () => {
    const office = await openPools("9.2.11", `${livePools}acl:1:/vms/500:anna@pve:PVEVMUser:\n`);
    const { folder: cwd, env, write } = office;
    write("manifests/access.yaml", pool("new", "{ vms: [500] }"));
    write("manifests/old.yaml", `${pool("old", "{}")}---\n${pool("old/inner", "{}")}`);
    for (const pass of ["first", "second"]) {
      const applied = await rolecall(["apply", "--yes"], { cwd, env });
      expect([pass, applied.status, applied.stderr]).toEqual([pass, 0, ""]);
    }
    expect(poolLines(office)).toContain("pool:new::500::");
  });
});

describe("what is refused", () => {
  test.each([
    ["a guest of a pool that is left alone", "{ vms: [101] }", "guest-in-other-pool", 3],
    ["a guest in two pools", "{ vms: [102, 103] }", "conflicting-manifests", 1],
    ["what is no guest", "{ vms: [7] }", "invalid-value", 1],
  ])("%s", async (_, spec, code, status) => {
    const office = await openPools();
    const { folder: cwd, env, write } = office;
    const left = pool("old", "{}").replace(" }", ", annotations: { rolecall.dev/reconcile: disabled } }");
    write("manifests/access.yaml", `${pool("new", spec)}---\n${left}`);
    write("manifests/inner.yaml", pool("old/inner", "{ vms: [103] }"));
    const ended = await rolecall(["apply", "--yes"], { cwd, env });
    expect([ended.status, `${ended.stdout}${ended.stderr}`]).toEqual([status, expect.stringContaining(code)]);
    expect(writes(office)).toEqual([]);
  });
});

test("pools are read one request each, and only where they can make a difference", async () => {
  const live = "pool:a::100::\npool:b::101::\npool:c::102::\nacl:1:/pool/b:anna@pve:PVEVMUser:\n";
  const office = await openPools("9.2.11", live, userCfg.replace(/^acl:1:\/pool:.*\n/mu, ""));
  const { folder: cwd, env, write, server } = office;
  write(
    "manifests/target.yaml",
    target.replace(/^ {2}planCredentials: .*\n/mu, "").replace("prune: true", "prune: false"),
  );
  write("manifests/access.yaml", "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: anna@pve }\n");
  expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).toMatchObject({ status: 0 });
  // Of three pools the one that an entry stands at.
  expect(server.requests.filter(({ path }) => path.startsWith("/pools"))).toHaveLength(2);
  expect(server.requests).toHaveLength(9);
});
