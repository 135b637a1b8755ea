/** What is meant: everything that one of `include` takes and none of `exclude`. */
export interface GlobSet {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export function compileGlobs({ include, exclude }: GlobSet): (text: string) => boolean {
  const [included, excluded] = [include.map(compileGlob), exclude.map(compileGlob)];
  return (text) => included.some((takes) => takes(text)) && !excluded.some((takes) => takes(text));
}

/**
 * A glob as a question: `*` is any run without `/`, `**` any run; `/vms/**` takes `/vms` too.
 * Everything else stands for itself.
 */
function compileGlob(glob: string): (text: string) => boolean {
  const pattern = new RegExp(`^${translate(glob)}$`, "su");
  return (text) => pattern.test(text);
}

function translate(glob: string): string {
  return glob
    .split(/(\/\*\*$|\*\*|\*)/u)
    .map((part) => translatePart(part))
    .join("");
}

function translatePart(part: string): string {
  if (part === "/**") return "(?:/.*)?";
  if (part === "**") return ".*";
  if (part === "*") return "[^/]*";
  return part.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");
}
