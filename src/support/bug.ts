/** An impossible case: thrown, caught only in main, ends with exit status 70. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** Stops the build where a new kind is not handled, and the program where a value slipped past the types. */
export function assertNever(value: never): never {
  throw new Bug(`impossible case: ${JSON.stringify(value)}`);
}
