import { afterEach, describe, expect, test } from "@jest/globals";
import { rolecall } from "./support/command.ts";
import { target, userCfg, useOffices } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

/** A manifest that is wrong in one way, with what is said of it and where. */
const mistakes: readonly (readonly [string, string, string, RegExp])[] = [
  ["broken YAML", "kind: User\n  name: [", "yaml-syntax", /bad\.yaml:2:/u],
  [
    "a wrong type",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pve }\nspec: { enabled: 1 }\n",
    "wrong-type",
    /bad\.yaml:4:18/u,
  ],
  [
    "an unknown field",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pve }\nspec: { enabld: true }\n",
    "unknown-field",
    /bad\.yaml:4:9[\s\S]*did you mean enabled/u,
  ],
  [
    "a duplicate key",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pve }\nspec:\n  enabled: true\n  enabled: false\n",
    "duplicate-key",
    /bad\.yaml:6:3/u,
  ],
  [
    "an unknown privilege",
    "apiVersion: rolecall.dev/v1\nkind: Role\nmetadata: { name: Power }\nspec: { privileges: [VM.PowerMgt] }\n",
    "unknown-privilege",
    /bad\.yaml:4:22[\s\S]*did you mean VM\.PowerMgmt/u,
  ],
  [
    "two owners of one object",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: joe@pve }\n",
    "duplicate-object",
    /access\.yaml[\s\S]*bad\.yaml|bad\.yaml[\s\S]*access\.yaml/u,
  ],
  [
    "a secret in a manifest",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pve }\nspec: { password: { from: hunter22hunter22 } }\n",
    "literal-secret",
    /bad\.yaml:4:/u,
  ],
];

describe("manifests with mistakes", () => {
  test.each(mistakes)("%s: told with its place, status 1, no request", async (_, text, code, place) => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("manifests/bad.yaml", text);
    for (const words of [["validate"], ["plan"], ["apply", "--yes"]]) {
      const { status, stdout, stderr } = await rolecall(words, { cwd, env });
      expect({ status, said: stdout + stderr }).toEqual({ status: 1, said: expect.stringContaining(code) });
      expect(stdout + stderr).toMatch(place);
      expect(stdout + stderr).not.toContain("hunter22");
    }
    expect(server.requests).toEqual([]);
  });

  test("all mistakes of all files at once", async () => {
    const { folder: cwd, write } = await offices.open();
    for (const [index, [, text]] of mistakes.entries()) write(`manifests/${index}.yaml`, text);
    const { status, stdout } = await rolecall(["validate", "-o", "json"], { cwd });
    expect(status).toBe(1);
    for (const [, , code] of mistakes) expect(stdout).toContain(`"code": "${code}"`);
  });

  test("a reference to nothing is known once the server is asked: refused, nothing written", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    const text =
      "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pve }\nspec: { groups: [operatrs] }\n";
    write("manifests/bad.yaml", text);
    for (const words of [["plan"], ["apply", "--yes"]]) {
      const { status, stdout } = await rolecall(words, { cwd, env });
      expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining("reference-unknown") });
    }
    expect(server.files()["user.cfg"]).toBe(userCfg);
  });
});

describe("command lines with mistakes", () => {
  test.each([
    [["plan", "--ouput", "json"], /ouput/u],
    [["plan", "-o", "yaml"], /yaml/u],
    [["aply"], /aply/u],
    [["plan", "--only", "joe@pve"], /KIND\/NAME/u],
    [["plan", "-f", "nowhere"], /nowhere/u],
    [["plan", "--target", "offise"], /offise/u],
    [["apply", "--yes", "--plan", "nowhere.json"], /nowhere\.json/u],
    [["apply"], /--yes/u],
  ] as const)("%j: status 1", async (words, said) => {
    const { server, folder: cwd, env } = await offices.open();
    const { status, stdout, stderr } = await rolecall(words, { cwd, env });
    expect({ status, said: stdout + stderr }).toEqual({ status: 1, said: expect.stringMatching(said) });
    expect(server.requests).toEqual([]);
  });
});

describe("words", () => {
  test("one is not many", async () => {
    const { folder: cwd, env, write } = await offices.open();
    write("alone/target.yaml", target);
    const { stdout } = await rolecall(["validate", "-f", "alone"], { cwd, env });
    expect(stdout).toBe("1 manifest is valid, for target office\n");
  });

  test("a question has its own end", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stderr } = await rolecall(["apply", "--yes", "--approve", "max-deletions"], { cwd, env });
    expect(stderr).toMatch(/did you mean max-deletes\?$/mu);
  });
});
