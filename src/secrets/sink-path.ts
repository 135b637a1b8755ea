import { isAbsolute, relative, resolve, sep } from "node:path";

/** Whether a path is a folder or lies below it, by its text alone: links are for the caller to resolve first. */
export function isWithin(folder: string, path: string): boolean {
  const steps = relative(resolve(folder), resolve(path));
  return steps !== ".." && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}
