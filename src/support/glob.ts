/**
 * A glob as a question: `*` is any run without `/`, `**` any run; `/vms/**` takes `/vms` too.
 * Everything else stands for itself.
 */
export function compileGlob(glob: string): (text: string) => boolean {
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
