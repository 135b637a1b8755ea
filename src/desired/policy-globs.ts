// Globs of policies: one that takes nothing at all is a slip, and would guard nothing in silence.

import { didYouMean, type Said } from "../manifest/diagnostic.ts";
import type { Product } from "../model/product.ts";
import { compileGlob, type Glob } from "../support/glob.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { refuse, type Reading } from "./reading.ts";
import { parseSubject } from "./target-guards.ts";

/** Tells what is wrong with each glob of a list, and gives the list. */
export function readGlobs(
  reading: Reading,
  pointer: string,
  globs: readonly string[],
  mistakeIn: (text: string, product: Product) => Said | undefined,
): readonly string[] {
  for (const [index, text] of globs.entries()) {
    const said = mistakeIn(text, reading.product);
    if (said !== undefined) refuse(reading, `${pointer}/${index}`, said);
  }
  return globs;
}

function isPlain(text: string): boolean {
  return !text.includes("*");
}

export function privilegeMistake(text: string, product: Product): Said | undefined {
  const code = "unknown-privilege";
  if (isPlain(text)) {
    const privilege = product.parsePrivilege(text);
    if (privilege.ok) return undefined;
    const hint = didYouMean(nearest(text, product.privileges));
    return { code, message: `${quoted(text)} ${privilege.problem}`, hint };
  }
  const { takes } = compileGlob(text);
  if ([...product.privileges].some(takes)) return undefined;
  return {
    code,
    message: `${quoted(text)} takes no privilege of the product`,
    hint: hintForGroup(text, product),
  };
}

/** `Vm.*` may be meant as `VM.*`. */
function hintForGroup(text: string, { privileges }: Product): string | undefined {
  const groups = new Set([...privileges].map((name) => name.slice(0, name.indexOf("."))));
  const dot = text.indexOf(".");
  const near = dot < 0 ? undefined : nearest(text.slice(0, dot), groups);
  return near === undefined
    ? `privileges begin with ${[...groups].sort().join(", ")}`
    : didYouMean(`${near}${text.slice(dot)}`);
}

export function pathMistake(text: string, product: Product): Said | undefined {
  const code = "invalid-path";
  if (isPlain(text)) {
    const path = product.parseAclPath(text);
    if (path.ok && path.value === text) return undefined;
    if (!path.ok)
      return { code, message: `${quoted(text)} ${path.problem}`, hint: hintForPath(text, product) };
    const message = `${quoted(text)} takes nothing: the server knows this path as ${path.value}`;
    return { code, message, hint: `write ${path.value}` };
  }
  const glob = compileGlob(text);
  if (product.topPaths.some((path) => glob.takes(path) || takesBelow(glob, path, product))) return undefined;
  return { code, message: `${quoted(text)} takes no path of the product`, hint: hintForPath(text, product) };
}

/** Whether it leads below one of the paths that every server has; what anybody may choose there is not looked at. */
function takesBelow(glob: Glob, path: string, { topPaths }: Product): boolean {
  return glob.below(path).some(({ beginning, isOpen }) => {
    if (!isOpen) return false;
    const [segment = ""] = beginning.split("/");
    return path !== "/" || topPaths.some((top) => top === `/${segment}`);
  });
}

function hintForPath(text: string, { topPaths }: Product): string {
  const [, first = ""] = text.split("/");
  const near = nearest(`/${first}`, topPaths);
  if (text.startsWith("/") && near !== undefined && near !== "/" && near !== `/${first}`)
    return didYouMean(`${near}${text.slice(first.length + 1)}`) ?? "";
  return `paths are ${topPaths.join(", ")} and what lies below them`;
}

export function subjectMistake(text: string, product: Product): Said | undefined {
  if (/^\*/u.test(text)) return undefined;
  const hint = "write user:*@pve, group:operators or token:ci@pve!deploy";
  if (!/^(?:user|group|token):/u.test(text))
    return { code: "invalid-name", message: `${quoted(text)} takes no subject`, hint };
  if (!isPlain(text)) return undefined;
  const subject = parseSubject(product, text);
  return subject.ok
    ? undefined
    : { code: "invalid-name", message: `${quoted(text)} ${subject.problem}`, hint };
}

/** Where only tokens are spoken of. */
export function tokenMistake(text: string, product: Product): Said | undefined {
  if (/^(?:\*|token:)/u.test(text)) return subjectMistake(text, product);
  const message = `${quoted(text)} takes no token, and this rule speaks of tokens`;
  return { code: "invalid-name", message, hint: "write token:ci@pve!deploy, or token:*@pve!*" };
}
