import { factor, isAgeIdentity, isSecretField } from "./mask.ts";
import type { Range } from "./tree.ts";

const fieldPattern = /(?:^|[\s{,[])(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?=\s|$|["'{[])/gu;
/** What stands behind a field of such a name and is no secret: nothing yet, or a reference. */
const harmlessPattern =
  /^\s*(?:[{|>][-+]?\s*)?(?:(["']?)(?:from|env|file)\1\s*:\s*\{?\s*)*(["']?)[\w./-]*\2[\s},\]]*(?:#.*)?$/u;
const referencePattern = /(?:env|file|from)["']?\s*:/u;
const openLinePattern =
  /^\s*(?:-\s+)?(["']?)(?:(?:env|file|user|id|policy|envPrefix|dir)\1\s*:|(?:from|token|password|secret)\1\s*:\s*(?:\{|$))/u;

/**
 * Where secrets may stand in a text that is not YAML, so that no tree says it: from a field with such a name to the end
 * of its line, and the lines below that are indented deeper. It hides too much rather than too little.
 */
export function secretRangesOfText(text: string): Range[] {
  const ranges: Range[] = [];
  let hiddenBelow: number | undefined;
  let start = 0;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/u);
    if (indent !== -1 && hiddenBelow !== undefined && indent <= hiddenBelow) hiddenBelow = undefined;
    const field = secretFieldIn(line) ?? identityIn(line);
    if (field !== undefined) hiddenBelow ??= indent;
    const from = field ?? (hiddenBelow === undefined || openLinePattern.test(line) ? undefined : indent);
    if (from !== undefined && from !== -1 && !isHarmless(line.slice(from))) {
      ranges.push({ start: start + from, end: start + line.length });
    }
    start += line.length + 1;
  }
  return ranges;
}

/** A key that decrypts stands nowhere in place. */
function identityIn(line: string): number | undefined {
  return isAgeIdentity(line) ? 0 : undefined;
}

/** Where the value of the first such field in the line begins. */
function secretFieldIn(line: string): number | undefined {
  for (const match of line.matchAll(fieldPattern)) {
    const name = match[2] ?? "";
    // Its key may stand in it, wherever.
    if (isSecretField(name) || name === factor) return match.index + match[0].length;
  }
  return undefined;
}

function isHarmless(value: string): boolean {
  return value.trim() === "" || (referencePattern.test(value) && harmlessPattern.test(value));
}
