// `node scripts/run.mjs FILE [ARGUMENT...]`: runs a script that imports files of src/, TypeScript and all. Its packages are
// those of node_modules, its files are bundled anew each time: nothing that was built before can be out of date.

import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = resolve(process.argv[2]);
const url = pathToFileURL(file).href;
const folder = join(root, "node_modules/.cache/rolecall");
const outfile = join(folder, `${basename(file).replace(/\.m?[jt]s$/u, "")}-${process.pid}.mjs`);
mkdirSync(folder, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: [file],
  outfile,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Where the script lies, for what it finds from there; files of src/ do not ask.
  define: { "import.meta.url": JSON.stringify(url) },
  sourcemap: "inline",
  logLevel: "warning",
});
process.argv.splice(1, 2, file);
await import(pathToFileURL(outfile).href);
