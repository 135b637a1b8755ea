/** What is meant: everything that one of `include` takes and none of `exclude`. */
export interface GlobSet {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export function compileGlobs({ include, exclude }: GlobSet): (text: string) => boolean {
  const [included, excluded] = [include, exclude].map((globs) => globs.map((text) => compileGlob(text)));
  return (text) =>
    included?.some((glob) => glob.takes(text)) === true &&
    excluded?.some((glob) => glob.takes(text)) !== true;
}

/**
 * `*` is any run without `/`, `**` any run; `/vms/**` takes `/vms` too. Everything else stands for itself. Answers take
 * time in proportion to the text's length times the glob's, whatever either holds: both may come from strangers.
 */
export interface Glob {
  readonly text: string;
  readonly takes: (text: string) => boolean;
  /** What is left of the glob for paths below a folder. Empty where it takes nothing below it. */
  readonly below: (folder: string) => readonly Rest[];
}

/** What a path has to begin with behind the folder's slash; where open, anything may follow, else nothing does. */
interface Rest {
  readonly beginning: string;
  readonly isOpen: boolean;
}

/** `slash-or-end` and the any-run behind it are the `/**` at the end. */
type Part =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "segment-run" | "any-run" | "slash-or-end" };

export function compileGlob(text: string): Glob {
  return globFrom(text, text.split(/(\/\*\*$|\*\*|\*)/u).flatMap(pathParts));
}

/** The same for texts that are no paths: `*` is any run. */
export function compileTextGlob(text: string): Glob {
  return globFrom(text, text.split(/(\*)/u).flatMap(textParts));
}

function pathParts(part: string): readonly Part[] {
  if (part === "/**") return [{ kind: "slash-or-end" }, { kind: "any-run" }];
  if (part === "**") return [{ kind: "any-run" }];
  return part === "*" ? [{ kind: "segment-run" }] : charactersFrom(part);
}

function textParts(part: string): readonly Part[] {
  return part === "*" ? [{ kind: "any-run" }] : charactersFrom(part);
}

function charactersFrom(text: string): readonly Part[] {
  return Array.from(text, (character) => ({ kind: "character", character }));
}

function globFrom(text: string, parts: readonly Part[]): Glob {
  return {
    text,
    takes: simpleQuestion(parts) ?? ((other) => standsAfter(parts, other).some((at) => isEnd(parts, at))),
    below: (folder) =>
      standsAfter(parts, folder === "/" ? folder : `${folder}/`)
        .flatMap((at) => restsFrom(parts, at))
        // No path has two slashes side by side.
        .filter(({ beginning }) => !beginning.startsWith("/")),
  };
}

/** With at most one run, which is what nearly all globs have, two comparisons tell. */
function simpleQuestion(parts: readonly Part[]): Glob["takes"] | undefined {
  const at = parts.findIndex(({ kind }) => kind !== "character");
  const run = parts[at];
  if (run === undefined)
    return (
      (plain) => (other: string) =>
        other === plain
    )(wordParts(parts));
  const start = wordParts(parts.slice(0, at));
  // Only the run of the `/**` stands behind it.
  if (run.kind === "slash-or-end") return (other) => other === start || other.startsWith(`${start}/`);
  const rest = parts.slice(at + 1);
  if (rest.some(({ kind }) => kind !== "character")) return undefined;
  const end = wordParts(rest);
  return (other) =>
    other.length >= start.length + end.length &&
    other.startsWith(start) &&
    other.endsWith(end) &&
    (run.kind === "any-run" || !other.slice(start.length, other.length - end.length).includes("/"));
}

function wordParts(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === "character" ? part.character : "")).join("");
}

/** The positions among the parts at which a text can have led to, in no order. */
function standsAfter(parts: readonly Part[], text: string): readonly number[] {
  let stands = withSkipped(parts, [0]);
  for (const character of text) {
    const next = stands.flatMap((at) => stepFrom(parts[at], at, character));
    stands = withSkipped(parts, next);
    if (stands.length === 0) return stands;
  }
  return stands;
}

function stepFrom(part: Part | undefined, at: number, character: string): readonly number[] {
  switch (part?.kind) {
    case undefined:
      return [];
    case "character":
      return part.character === character ? [at + 1] : [];
    case "segment-run":
      return character === "/" ? [] : [at];
    case "any-run":
      return [at];
    case "slash-or-end":
      return character === "/" ? [at + 1] : [];
  }
}

/** A run may be empty. */
function withSkipped(parts: readonly Part[], stands: readonly number[]): readonly number[] {
  const all = new Set<number>();
  for (const stand of stands) {
    let at = stand;
    while (!all.has(at)) {
      all.add(at);
      if (!isRun(parts[at])) break;
      at += 1;
    }
  }
  return [...all];
}

function isRun(part: Part | undefined): boolean {
  return part?.kind === "segment-run" || part?.kind === "any-run";
}

function isEnd(parts: readonly Part[], at: number): boolean {
  return at === parts.length || parts[at]?.kind === "slash-or-end";
}

function restsFrom(parts: readonly Part[], start: number): readonly Rest[] {
  let beginning = "";
  for (let at = start; at < parts.length; at++) {
    const part = parts[at];
    if (part?.kind === "character") beginning += part.character;
    else if (part?.kind === "slash-or-end")
      return [...closed(beginning), { beginning: `${beginning}/`, isOpen: true }];
    else return [{ beginning, isOpen: true }];
  }
  return closed(beginning);
}

function closed(beginning: string): readonly Rest[] {
  return beginning === "" ? [] : [{ beginning, isOpen: false }];
}
