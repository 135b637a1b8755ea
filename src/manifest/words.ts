import type { SchemaMistake } from "../schema/check.ts";
import { pointerStep, pointerSteps } from "../support/pointer.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { didYouMean, type Said } from "./diagnostic.ts";
import { isNameable, isSecretField, isSecretPlace } from "./mask.ts";
import { unsupportedField } from "./unsupported.ts";

type Mistake<Problem extends SchemaMistake["problem"]> = Extract<
  SchemaMistake,
  { readonly problem: Problem }
>;

/** A mistake against the schema in words, and what the caret belongs under. */
export interface Worded extends Said {
  readonly pointer: string;
  readonly part: "value" | "key";
  /** The field that is not there. */
  readonly missing?: string;
}

/** Nothing that stands at a secret's place is repeated. */
export function wordMistake(kind: string, mistake: SchemaMistake): Worded {
  const { pointer, problem } = mistake;
  switch (problem) {
    case "unknown-field":
      return { ...unknownField(kind, mistake), pointer: pointer + pointerStep(mistake.field), part: "key" };
    case "missing-field":
      return { ...missingField(mistake), pointer, part: "key", missing: mistake.field };
    case "wrong-type":
      return { ...wrongType(mistake), pointer, part: "value" };
    case "not-one-of":
      return { ...notOneOf(mistake), pointer, part: "value" };
    case "wrong-form":
      return { ...wrongForm(kind, mistake), pointer, part: "value" };
    case "wrong-count":
      return { ...wrongCount(mistake), pointer, part: "key" };
    case "repeated":
      return {
        code: "invalid-value",
        message: `${wordPointer(pointer)} is there already`,
        hint: "name it once",
        pointer,
        part: "value",
      };
  }
}

/** A field as people name it: `spec.groups[0]`. */
function wordPointer(pointer: string): string {
  const steps = pointerSteps(pointer).map((step) =>
    /^\d+$/u.test(step) ? `[${step}]` : `.${printableStep(step)}`,
  );
  return steps.length === 0 ? "the manifest" : steps.join("").replace(/^\./u, "");
}

function printableStep(step: string): string {
  return /^[\w./-]+$/u.test(step) ? step : quoted(step);
}

function unknownField(kind: string, { pointer, field, known }: Mistake<"unknown-field">): Said {
  const unsupported = unsupportedField(kind, pointer, field);
  if (unsupported !== undefined) return unsupported;
  const where = wordPointer(pointer);
  if (kind === "Realm" && pointer === "/spec/options" && isSecretField(field)) {
    const message = `${where} has no field ${quoted(field)}: a secret is not written down`;
    return { code: "literal-secret", message, hint: `write spec.secrets: { ${field}: { env: NAME } }` };
  }
  if (kind === "Realm" && isSecretPlace(pointer + pointerStep(field)) && pointer === "/spec/options/tfa") {
    const message = `${where} holds no ${quoted(field)}: a secret is not written down`;
    return { code: "literal-secret", message, hint: "write spec.secrets: { tfa-key: { env: NAME } }" };
  }
  if (pointer !== "" && isSecretPlace(pointer) && !isNameable(field)) {
    const message = `${where} has a field that is not known`;
    return { code: "unknown-field", message, hint: `write ${listed(known)}` };
  }
  const near = nearest(field, known);
  const other = near === undefined ? `known are ${listed(known, "and")}` : didYouMean(near);
  const hint = endsOnServer(kind, pointer, field) ? "write expire: the server itself ends it" : other;
  return { code: "unknown-field", message: `${where} has no field ${quoted(field)}`, hint };
}

/** What the server ends by itself needs no validity. */
function endsOnServer(kind: string, pointer: string, field: string): boolean {
  return (kind === "User" || kind === "Token") && pointer === "/spec" && field === "validity";
}

function missingField({ pointer, field }: Mistake<"missing-field">): Said {
  return { code: "missing-field", message: `${wordPointer(pointer)} lacks the field ${field}` };
}

function wrongType({ pointer, expected, found }: Mistake<"wrong-type">): Said {
  const where = wordPointer(pointer);
  const isScalar = typeof found !== "object" && found !== undefined;
  if (isScalar && isSecretPlace(pointer) && expected.includes("object")) {
    const message = `${where} holds a value where only a reference to a secret may stand`;
    return { code: "literal-secret", message, hint: referenceHint(pointer) };
  }
  const names = expected.map((type) => typeNames.get(type) ?? type);
  const message = `${where} must be ${listed(names)}, not ${typeNames.get(typeOf(found)) ?? typeOf(found)}`;
  return { code: "wrong-type", message, hint: formHint(pointer) ?? typeHint(expected, found) };
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["boolean", "true or false"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["array", "a list"],
  ["object", "a mapping"],
  ["null", "nothing"],
]);

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function typeHint(expected: readonly string[], found: unknown): string | undefined {
  if (found === null) return "leave the field out, or give it a value";
  if (expected.includes("array")) return "write it as a list: […]";
  if (expected.includes("string") && typeof found !== "object") return "put it in quotes";
  return undefined;
}

/** What to write where somebody wrote the secret itself. */
function referenceHint(pointer: string): string {
  if (pointer === "/spec/password") return "write { from: { env: NAME } } or { from: { file: PATH } }";
  if (/redentials\/token$/u.test(pointer)) return "write { id: TOKEN-ID, secret: { env: NAME } }";
  if (/redentials\/password$/u.test(pointer)) return "write { user: USER, password: { env: NAME } }";
  return "write { env: NAME } or { file: PATH }";
}

function notOneOf({ pointer, allowed, found }: Mistake<"not-one-of">): Said {
  const where = wordPointer(pointer);
  const near = typeof found === "string" ? nearest(found, allowed) : undefined;
  const message = `${where} must be ${listed(allowed)}`;
  return { code: "invalid-value", message, hint: didYouMean(near) };
}

function wrongForm(kind: string, { pointer, found }: Mistake<"wrong-form">): Said {
  const where = wordPointer(pointer);
  const isTargetName = (kind === "Target" || kind === "Policy") && pointer === "/metadata/name";
  const hint = isTargetName ? "letters, digits, `.`, `_` and `-`, at most 63" : formHint(pointer);
  if (found === "") return { code: "invalid-value", message: `${where} is empty`, hint };
  const isShown = typeof found === "string" && !isSecretPlace(pointer) && !mayBeSecret(pointer);
  const subject = isShown ? quoted(found) : "the value";
  return { code: "invalid-value", message: `${subject} is not of the form that belongs in ${where}`, hint };
}

/** A variable's name that is none may be the secret. */
function mayBeSecret(pointer: string): boolean {
  return pointer.endsWith("/env");
}

const forms: readonly (readonly [RegExp, string])[] = [
  [/\/env$/u, "the name of a variable: letters, digits and _, as ROLECALL_SECRET_JOE"],
  [/\/key$/u, "the name of a variable: letters, digits and _, as PROXMOX_API_TOKEN"],
  [/\/fingerprint$/u, "32 pairs of hexadecimal digits with colons between: AB:CD:…"],
  [/\/envPrefix$/u, "letters, digits and _, as ROLECALL_SECRET_"],
  [/\/expireWithin$/u, "a number of days or hours, as 90d or 12h"],
  [/\/rules\/\d+\/name$/u, "letters, digits, `.`, `_` and `-`, at most 63"],
  [/\/rules\/\d+\/message$/u, "1 to 500 characters"],
  [/\/rules\/.*\/(?:privileges|paths|subjects|except|comment)\/\d+$/u, "a glob of 1 to 256 characters"],
  [/\/expire$/u, "a date as 2027-01-31, a date-time as 2027-01-31T18:00:00Z, or never"],
  [/\/not(?:Before|After)$/u, "a date as 2026-12-05, or a date-time as 2026-12-05T18:00:00Z"],
  [/\/file\/mode$/u, 'three octal digits in quotes, as "0640"'],
  [/\/generate\/length$/u, "a whole number from 8 to 64"],
  [/\/kubernetesSecret\/(?:namespace|name)$/u, "as Kubernetes names it: small letters, digits and -"],
  [/\/max(?:Deletes|Revocations)$/u, "a whole number, or a share as 10%"],
];

function formHint(pointer: string): string | undefined {
  return forms.find(([pattern]) => pattern.test(pointer))?.[1];
}

function wrongCount(mistake: Mistake<"wrong-count">): Said {
  const { pointer, bound, limit, known } = mistake;
  const where = wordPointer(pointer);
  if (known.length === 0)
    return {
      code: "invalid-value",
      message: `${where} must have ${bound} ${limit} element${limit === 1 ? "" : "s"}`,
    };
  const message = `${where} must have ${bound} ${limit} of ${listed(known, "and")}`;
  return { code: bound === "at most" ? "conflicting-fields" : "missing-field", message };
}

/** `a, b or c` */
export function listed(words: readonly string[], last = "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}
