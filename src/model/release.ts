/** Whether a version, as `9.2.11` or `7.4-16`, is of that release or a later one. */
export function isSince(version: string, release: readonly number[]): boolean {
  const numbers = version.split(/[.-]/u).map(Number);
  for (const [index, wanted] of release.entries()) {
    const found = numbers[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}
