// docs/adopt.md, step by step, as somebody would follow it: its own target, its own lines.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { rolecall, root, type Ended } from "./support/command.ts";
import { secrets, useOffices } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const guide = readFileSync(join(root, "docs", "adopt.md"), "utf8");

/** The block behind `<!-- adopt: NAME -->`. */
function block(name: string): string {
  const [, text] = new RegExp(`<!-- adopt: ${name} -->\n\n\`\`\`\\w+\n([^]*?)\`\`\``, "u").exec(guide) ?? [];
  if (text === undefined) throw new Error(`docs/adopt.md has no block ${name}`);
  return text;
}

const wordsOf = (line: string): string[] =>
  line
    .replace(/^rolecall /u, "")
    .replace(/ >.*$/u, "")
    .split(" ");
const linesOf = (name: string): string[] => block(name).trim().split("\n");

test("from the first look to prune", async () => {
  const { server, folder: cwd, env, write } = await offices.open();
  rmSync(join(cwd, "manifests"), { recursive: true });
  const target = block("target")
    .replace("https://pve1.example:8006", server.url)
    .replace("rolecall-plan@pve!plan", "rolecall@pve!plan");
  write("manifests/target.yaml", target);
  const environment = { ...env, ROLECALL_PLAN_TOKEN: secrets.plan };
  const run = (line: string): Promise<Ended> => rolecall(wordsOf(line), { cwd, env: environment });

  for (const line of linesOf("look")) expect(await run(line)).toMatchObject({ status: 0 });

  const [toExport = "", toPlan = ""] = linesOf("export");
  expect(await run(toExport)).toMatchObject({ status: 0 });
  expect(await run(toPlan)).toMatchObject({ status: 0, stdout: expect.stringContaining("No changes.") });

  const [toPrune = "", toSee = ""] = linesOf("prune");
  const [, expression = ""] = /^sed -i '(.*)' manifests\/target\.yaml$/u.exec(toPrune) ?? [];
  execFileSync("sed", ["-i", expression, "manifests/target.yaml"], { cwd });
  expect(readFileSync(join(cwd, "manifests", "target.yaml"), "utf8")).toContain("acl: true");
  expect(await run(toSee)).toMatchObject({ status: 0, stdout: expect.stringContaining("No changes.") });
  expect(server.requests.every(({ method }) => method === "GET")).toBe(true);
}, 60_000);
