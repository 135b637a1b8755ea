const lineEnd = 0x0a;

/** The lines of some bytes, without their ends; the last one may lack its own. */
export function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(lineEnd); at !== -1; at = bytes.indexOf(lineEnd, start)) {
    lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  return start === bytes.length ? lines : [...lines, bytes.subarray(start)];
}
