import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { rolecall } from "./support/command.ts";
import { access, target, useOffices, userCfg } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const header = "apiVersion: rolecall.dev/v1\n";
/** Anna may more than the others, and is in one more group, until then. */
function grantsUntil(notAfter: string): string {
  return [
    `${header}kind: ACL\nmetadata: { name: anna-migrates }\nspec: { path: /storage, roles: [PVEDatastoreAdmin], subjects: [{ user: anna@pve }], validity: { notAfter: "${notAfter}" } }\n`,
    `${header}kind: Group\nmetadata: { name: on-call }\n`,
    `${header}kind: Membership\nmetadata: { name: anna-on-call }\nspec: { group: on-call, user: anna@pve, validity: { notAfter: "${notAfter}" } }\n`,
  ].join("---\n");
}

/** Nothing is pruned, and nobody may lose anything by the budget. */
const strict = target
  .replace("prune: true", "prune: false")
  .replace("maxRevocations: 100%", "maxRevocations: 0");

describe("time-boxed grants", () => {
  test("are there until they end, and are then revoked whatever prune and the budgets say", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("manifests/target.yaml", strict);
    write("manifests/access.yaml", grantsUntil("2099-12-31"));
    const granted = await rolecall(["apply", "--yes"], { cwd, env });
    expect(granted).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("ends 2100-01-01T00:00:00Z"),
    });
    expect(server.files()["user.cfg"]).toContain("acl:1:/storage:anna@pve:PVEDatastoreAdmin:");
    expect(server.files()["user.cfg"]).toContain("group:on-call:anna@pve:");

    write("manifests/access.yaml", grantsUntil("2024-06-30"));
    const { status, stdout } = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
    expect([status, stdout.match(/\(outside its validity\)/gu)]).toEqual([
      2,
      ["", ""].map(() => expect.any(String)),
    ]);
    expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0 });
    expect(server.files()["user.cfg"]).not.toMatch(/PVEDatastoreAdmin|group:on-call:anna/u);
    expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).toMatchObject({ status: 0 });
  });

  test("a saved plan is still the same one where only what ends next is another", async () => {
    const { folder: cwd, env, write } = await offices.open();
    write("manifests/target.yaml", strict);
    write("manifests/access.yaml", grantsUntil("2099-12-31"));
    await rolecall(["plan", "--out", "plan.json"], { cwd, env });
    // Proof: the command wrote it; what ends next is told there.
    const saved = JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8")) as {
      targets: { boundaries: unknown }[];
    };
    expect(saved.targets[0]?.boundaries).toHaveLength(2);
    write("manifests/access.yaml", grantsUntil("2098-12-31"));
    expect(await rolecall(["apply", "--yes", "--plan", "plan.json"], { cwd, env })).toMatchObject({
      status: 0,
    });
  });

  test("validate tells of one that ended long ago, and finds nothing wrong", async () => {
    const { folder: cwd, write } = await offices.open();
    write("manifests/access.yaml", grantsUntil("2024-06-30"));
    const { status, stdout } = await rolecall(["validate", "-o", "json"], { cwd });
    expect([status, stdout.match(/validity-over/gu)?.length]).toEqual([0, 2]);
  });

  test("a bound that is none is told with its place: status 1", async () => {
    const { folder: cwd, write } = await offices.open();
    write("manifests/access.yaml", grantsUntil("next friday"));
    const { status, stdout } = await rolecall(["validate"], { cwd });
    expect([status, stdout]).toEqual([1, expect.stringContaining("access.yaml:4:")]);
  });
});

describe("an approval on the Target", () => {
  const office = strict
    .replace("prune: false", "prune: true")
    .replace("maxRevocations: 0", "maxDeletes: 0, maxRevocations: 100%");
  const annotated = (approval: string): string =>
    office.replace(
      "{ name: office }",
      `{ name: office, annotations: { rolecall.dev/approve: "${approval}" } }`,
    );

  test("lets pass what the plan shows with its digest, and nothing once that has changed", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("config/target.yaml", office);
    write("manifests/target.yaml", "");
    const words = ["-c", "config"];
    const refused = await rolecall(["apply", "--yes", ...words], { cwd, env });
    const lines = refused.stdout.matchAll(/rolecall\.dev\/approve: (max-deletes=[0-9a-f]{32})/gu);
    const approval = [...lines].map(([, text]) => text).join(", ");
    expect([refused.status, approval.split(", ")]).toEqual([3, [expect.any(String), expect.any(String)]]);

    write("config/target.yaml", annotated(approval));
    // Without anna@pve one user more would be deleted.
    write("other/access.yaml", access.slice(access.indexOf("---\n")));
    const lapsed = await rolecall(["apply", "--yes", ...words, "-f", "other"], { cwd, env });
    expect(lapsed).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/annotation approves of this code is something/u),
    });
    expect(server.files()["user.cfg"]).toBe(userCfg);

    const approved = await rolecall(["apply", "--yes", ...words], { cwd, env });
    expect(approved).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("approved by the target's annotation"),
    });
    expect(server.files()["user.cfg"]).not.toContain("old@pve");
  });

  test("of no known form is a mistake at its place: status 1", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("manifests/target.yaml", annotated("max-deletes=2"));
    const { status, stdout, stderr } = await rolecall(["plan"], { cwd, env });
    expect([status, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining("target.yaml:3:")]);
    expect(server.requests).toEqual([]);
  });
});
