import { pointerSteps } from "../support/pointer.ts";
import { nearest } from "../support/suggest.ts";
import { resolved, type Range, type Tree } from "./tree.ts";

const secretWords = ["password", "secret", "credentials"];
const secretPattern = /pass|pwd|secret|credential|api_?key|private_?key|(?:client|tfa)[-_]?key|^keys$/iu;

/** Fields at a secret's place that name it and are none. */
const openFields = new Set(["env", "file", "user", "id", "policy", "envPrefix", "dir", "targets"]);
const knownFields = [
  ...openFields,
  "token",
  "password",
  "tfa-key",
  "secret",
  "from",
  "exec",
  "command",
  "args",
  "timeout",
  "inheritEnv",
  "generate",
];

/** A realm's second factor, whose key stands in it beside what is none. */
export const factor = "tfa";
const factorKey = "key";
const factorFields = new Set(["type", "id", "url", "digits", "step"]);

/** Named like a secret and none: the sink into a Secret of Kubernetes. */
const harmlessFields = new Set(["kubernetesSecret"]);

/** Whether a field of this name, or of the name that it is a slip of, holds a secret or what leads to one. */
export function isSecretField(name: string): boolean {
  if (harmlessFields.has(name)) return false;
  return secretPattern.test(name) || nearest(name, secretWords) !== undefined;
}

/** Whether what a JSON pointer leads to may be a secret that somebody wrote down. */
export function isSecretPlace(pointer: string): boolean {
  const steps = pointerSteps(pointer);
  const last = steps.at(-1);
  // What is made anew stands nowhere: how, and where it goes, is no secret.
  if (steps.slice(0, -1).includes("generate")) return false;
  if (steps.some((step, at) => step === factorKey && steps[at - 1] === factor)) return true;
  return steps.some((step) => isSecretField(step)) && (last === undefined || !openFields.has(last));
}

/** Whether a field at a secret's place can be named: a stranger there may be the secret itself, in the wrong column. */
export function isNameable(field: string): boolean {
  return isSecretField(field) || nearest(field, knownFields) !== undefined;
}

/** Where in the text the secrets of a document stand, or what may be one: its excerpts hide them. */
export function secretRanges(tree: Tree): Range[] {
  const ranges: Range[] = [];
  collect(tree, false, ranges);
  return ranges;
}

function collect(tree: Tree, secret: boolean, ranges: Range[]): void {
  const plain = resolved(tree);
  if (plain.kind === "scalar") {
    if (secret || isAgeIdentity(plain.value)) ranges.push(plain);
  } else if (plain.kind === "sequence") {
    for (const element of plain.elements) collect(element, secret, ranges);
  } else {
    for (const [name, { key, value }] of plain.entries) {
      if (secret && !isNameable(name)) ranges.push(key);
      if (name === factor && !secret) collectFactor(value, ranges);
      else collect(value, secret ? !isOpen(name, value) : isSecretField(name), ranges);
    }
  }
}

/** As a mapping or as one text. What is not known there may be the key, in whatever spelling. */
function collectFactor(tree: Tree, ranges: Range[]): void {
  const plain = resolved(tree);
  if (plain.kind === "mapping")
    for (const [name, { value }] of plain.entries)
      collect(value, !factorFields.has(name) || holdsMore(value), ranges);
  else collect(plain, plain.kind !== "scalar" || !isKnownFactor(plain.value), ranges);
}

/** A comma ends one value, and begins the next. */
function holdsMore(tree: Tree): boolean {
  const plain = resolved(tree);
  return plain.kind === "scalar" && String(plain.value).includes(",");
}

function isKnownFactor(value: unknown): boolean {
  if (typeof value !== "string") return true;
  return value.split(",").every((pair) => {
    const [name = "", ...rest] = pair.split("=");
    return factorFields.has(name.trim()) && (rest.length === 1 || name.trim() === "url");
  });
}

/** A token's id with the secret behind it, or a variable that is none, is a secret in the place of a name. */
function isOpen(name: string, tree: Tree): boolean {
  const plain = resolved(tree);
  if (name === "generate") return plain.kind === "mapping";
  if (!openFields.has(name)) return false;
  if (plain.kind !== "scalar" || typeof plain.value !== "string") return true;
  return name === "env" ? isVariable(plain.value) : !plain.value.includes("=");
}

/** Whether it looks like the key that decrypts what age encrypted: somebody took it for the public one. */
export function isAgeIdentity(value: unknown): boolean {
  return typeof value === "string" && /AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]+)-/iu.test(value);
}

/** Only what is written as variables are: a secret under `env` by mistake seldom is. */
export function isVariable(text: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/u.test(text);
}
