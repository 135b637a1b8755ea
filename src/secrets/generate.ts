import { randomInt } from "node:crypto";
import { Secret } from "../model/secret.ts";
import { charactersOf } from "../support/printable.ts";

/** Signs without a meaning in quotes of a shell; no `=`, by which a password alone could be taken for a variable. */
const classes = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "0123456789",
  "-._~+:@%^*",
] as const;
const alphabet = classes.join("");

/** A random password with characters of every class: each such text of the length is as likely as any other. */
export function generatePassword(length: number): Secret {
  // Drawn anew as a whole until every class is there: mending a text would make some likelier. The shortest password
  // that a manifest can ask for has eight characters, and about half of those pass.
  for (;;) {
    const text = Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? "").join("");
    if (classes.every((letters) => charactersOf(letters).some((letter) => text.includes(letter))))
      return new Secret(text);
  }
}
