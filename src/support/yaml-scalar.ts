// A text as a YAML scalar that every reader of YAML takes for the same text, 1.1 or 1.2. JSON's strings are YAML's.

import { replaceUnprintable } from "./printable.ts";

/** Plain where it can only be read as a text: with a letter in front, and no word that YAML takes for something else. */
export function yamlScalar(text: string): string {
  const isPlain =
    /^[A-Za-z/][A-Za-z0-9/._@-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(text);
  return isPlain ? text : replaceUnprintable(JSON.stringify(text), escapeOf);
}

/** What an editor would hide or a reader fold is spelled out. */
function escapeOf(code: number): string {
  const digits = code.toString(16);
  return code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
