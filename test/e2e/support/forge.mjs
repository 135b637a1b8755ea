// Stands in for the tools with which a pipeline talks to its forge: notes each call, and answers as it was told to.
// node forge.mjs TOOL WORD…, with the folder FORGE: calls.jsonl is written, answers.json is read.

import { appendFileSync, cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.FORGE ?? ".";
const words = process.argv.slice(2);
const call = words.join(" ");
const comment = existsSync("plan.md") ? readFileSync("plan.md", "utf8") : "";
appendFileSync(join(folder, "calls.jsonl"), `${JSON.stringify({ call, comment })}\n`);

const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
const answer = answers.find(({ when }) => call.includes(when));
if (answer === undefined) {
  process.stderr.write(`nobody said what to answer to: ${call}\n`);
  process.exit(22);
}
if (answer.copy !== undefined) cpSync(answer.copy.from, answer.copy.to);
process.stdout.write(answer.say ?? "");
process.exit(answer.status ?? 0);
