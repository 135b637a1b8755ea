/** An impossible case: thrown, caught only in main, ends with exit status 70. */
export class Bug extends Error {
  override readonly name = "Bug";
}
