// In: the files that a bundle was made of. Out: the licences of the packages among them, as one text: every licence asks
// that its words go where the code goes.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/iu;

/** Throws where a package does not say its licence: what may not be handed on is not packed. */
export function licencesOf(root, files) {
  const folders = new Set(
    files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => licenceOf(join(root, folder)))
    .join("\n");
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (typeof license !== "string") throw new Error(`${name} ${version} does not say its licence`);
  const rule = "=".repeat(100);
  return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts.join("\n\n")}\n`;
}
