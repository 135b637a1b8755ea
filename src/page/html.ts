// In: values, most of them named by servers and by whoever writes to them. Out: markup in which a value can only be read.
// Markup is made by the template alone, so that nothing comes into a page by being forgotten. Must not know: any page.

import { visible } from "../render/escape.ts";
import { Bug } from "../support/bug.ts";

const written = Symbol("markup");

/** Text of HTML. No other file can make one but with `html`. */
export interface Markup {
  readonly [written]: string;
}

export type Content = string | number | Markup | readonly Content[] | undefined;

/** Values are escaped wherever they stand, in text or between the quotes of an attribute; markup is not, once more. */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const parts = literals.map((literal, at) => {
    if (literal.endsWith("="))
      throw new Bug("a value outside of quotes could become an attribute of its own");
    return literal + write(values[at]);
  });
  return { [written]: parts.join("") };
}

/** As it is sent. */
export function documentText(markup: Markup): string {
  return `${markup[written]}\n`;
}

function write(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return visible(content).replace(/[&<>"'`]/gu, entityOf);
  return isMarkup(content) ? content[written] : content.map(write).join("");
}

function isMarkup(content: Markup | readonly Content[]): content is Markup {
  return written in content;
}

function entityOf(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
