// `npm run build`: src/ → dist/rolecall.js, one program with everything that it needs inside: Node is all that it takes to
// run it. What few runs need (a command's own code, the Kubernetes client, age, the simulator) lies in chunks beside it,
// which the program loads when it comes to them.

import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licencesOf } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { rolecall: "src/main.ts" },
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // The packages inside have licences that go with them: dist/LICENCES.txt.
  legalComments: "none",
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: "warning",
  // Packages of the older module system ask for Node's own modules by `require`, which modules do not have.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});
const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
// The folder is whole by itself, wherever it is copied to: Node asks the nearest package.json what kind of module a file is.
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, license, type: "module" })}\n`);
writeFileSync(join(dist, "LICENCES.txt"), licencesOf(root, Object.keys(metafile.inputs)));
chmodSync(join(dist, "rolecall.js"), 0o755);
