// `npm run chaos [-- --stories N] [-- --seed N]`: the property test of faults at length. Ten thousand stories unless told
// otherwise; with a seed alone, that one story.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({ options: { seed: { type: "string" }, stories: { type: "string" } } });
const stories = values.stories ?? (values.seed === undefined ? "10000" : "1");
const jest = [
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  "node_modules/jest/bin/jest.js",
];
const child = spawn(process.execPath, [...jest, "test/property/faults.test.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, CHAOS_SEED: values.seed ?? "1", CHAOS_STORIES: stories },
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
