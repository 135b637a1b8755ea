/** The steps of a JSON pointer, as `/spec/groups/0`. */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (step.includes("~") ? step.replaceAll("~1", "/").replaceAll("~0", "~") : step));
}

/** One step of a JSON pointer, escaped. */
export function pointerStep(step: string): string {
  return `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
