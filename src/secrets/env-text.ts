import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

/** One assignment of a file that a shell can source: its variable, and where it stands, with the end of its line. */
interface Assignment {
  readonly key: string;
  /** Blanks and `export` before it. */
  readonly lead: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const assignmentPattern = /([ \t]*(?:export[ \t]+)?)([A-Za-z_][A-Za-z0-9_]*)=/uy;
/**
 * The rest of a line as a shell reads it: quoted pieces may run over several lines, a backslash takes the next
 * character along, a comment begins with a # behind a blank.
 */
const restPattern =
  /(?:'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|(?<!\S)#[^\n]*(?=\n|$)|[^'"\\\n#]|(?<=\S)#)*(?:\n|$)/uy;

function assignmentsIn(text: string): Parsed<readonly Assignment[]> {
  const found: Assignment[] = [];
  for (let start = 0; start < text.length;) {
    assignmentPattern.lastIndex = start;
    const head = assignmentPattern.exec(text);
    const from = start + (head?.[0].length ?? 0);
    restPattern.lastIndex = from;
    const rest = restPattern.exec(text)?.[0];
    if (rest === undefined) return unparsed("has a quote or a line that is not ended");
    const end = from + rest.length;
    const [, lead, key] = head ?? [];
    if (lead !== undefined && key !== undefined) found.push({ key, lead, value: rest, start, end });
    start = end;
  }
  return parsed(found);
}

/** What the text gives a variable, as it is written there; undefined where it gives it nothing. */
export function writtenValue(text: string, key: string): Parsed<string | undefined> {
  const assignments = assignmentsIn(text);
  return assignments.ok
    ? parsed(assignments.value.findLast((one) => one.key === key)?.value.trim())
    : assignments;
}

/** The text with one variable set by `line`, in its old place or at the end; everything else stays byte for byte. */
export function withVariable(text: string, key: string, line: string): Parsed<string> {
  const assignments = assignmentsIn(text);
  if (!assignments.ok) return assignments;
  const own = assignments.value.filter((one) => one.key === key);
  const [first, ...others] = own;
  if (!first) return parsed(text === "" || text.endsWith("\n") ? text + line : `${text}\n${line}`);
  const kept = others.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
  return parsed(kept.slice(0, first.start) + first.lead + line + kept.slice(first.end));
}
