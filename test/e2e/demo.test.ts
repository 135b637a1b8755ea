import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { root } from "./support/command.ts";

const readme = join(root, "README.md");
/** The block behind the mark, with what stands before and after its text. */
const block = /(<!-- demo: plan -->\n+```\n)([\s\S]*?)(```\n)/u;

test("the demo goes as told, and the plan in the README is the one that it shows", async () => {
  const child = spawn(process.execPath, [join(root, "test", "demo", "demo.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [shown] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect({ status: child.exitCode, shown }).toEqual({
    status: 0,
    shown: expect.stringContaining("All went as told"),
  });
  const mends = shown.slice(shown.indexOf("The plan that mends it"));
  const plan =
    /\$ rolecall plan --detailed-exitcode\n([\s\S]*?)\n\$ rolecall apply/u.exec(mends)?.[1] ?? "none";
  if (process.env["UPDATE_GOLDEN"] === "1") {
    const before = readFileSync(readme, "utf8");
    writeFileSync(
      readme,
      before.replace(block, (_, open: string, __, close: string) => `${open}${plan}${close}`),
    );
  }
  expect(block.exec(readFileSync(readme, "utf8"))?.[2]).toBe(plan);
});
