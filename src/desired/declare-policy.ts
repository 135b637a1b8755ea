import type { Said } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { PolicyRule, Power, Requirement } from "../model/policy.ts";
import { quoted } from "../support/printable.ts";
import type { PolicyDeclaration } from "./declaration.ts";
import { parseSpanSeconds } from "./duration.ts";
import { pathMistake, privilegeMistake, readGlobs, subjectMistake, tokenMistake } from "./policy-globs.ts";
import { refuse, type Reading } from "./reading.ts";

type PolicyReading = Reading<ManifestOf<"Policy">>;
type WrittenRule = ManifestOf<"Policy">["document"]["spec"]["rules"][number];
type WrittenRequirement = NonNullable<WrittenRule["require"]>;
type Who = Pick<PolicyRule, "subjects" | "except">;

export function declarePolicy(reading: PolicyReading): PolicyDeclaration {
  const { manifest } = reading;
  const { rules } = manifest.document.spec;
  const names = new Set<string>();
  for (const [index, { name }] of rules.entries()) {
    const message = `the policy has a rule ${quoted(name)} already`;
    if (names.has(name)) refuse(reading, `/spec/rules/${index}/name`, { code: "duplicate-object", message });
    names.add(name);
  }
  const read = rules.flatMap((rule, index) => readRule(reading, rule, `/spec/rules/${index}`) ?? []);
  return {
    kind: "Policy",
    manifest,
    policy: { name: manifest.name, rules: read, source: manifest.place },
  };
}

const ruleKinds = ["deny", "require", "separate"] as const;

function readRule(reading: PolicyReading, rule: WrittenRule, pointer: string): PolicyRule | undefined {
  const { name, message, severity = "error", deny, require: required, separate } = rule;
  const source = reading.manifest.locate.place(`${pointer}/name`);
  const ruling = { name, message, severity, source };
  if (!hasOneOf(reading, pointer, rule, ruleKinds)) return undefined;
  if (deny !== undefined) {
    const at = `${pointer}/deny`;
    return { kind: "deny", ...ruling, ...readWho(reading, at, deny), power: readPower(reading, at, deny) };
  }
  if (separate !== undefined) {
    const at = `${pointer}/separate`;
    const [first, second] = separate.between.map((power, index) =>
      readPower(reading, `${at}/between/${index}`, power),
    );
    if (first === undefined || second === undefined) return undefined;
    return { kind: "separate", ...ruling, ...readWho(reading, at, separate), between: [first, second] };
  }
  return required && readRequire(reading, `${pointer}/require`, required, ruling);
}

/** What the schema can't say in one sentence: one of some fields. */
function hasOneOf<Field extends string>(
  reading: PolicyReading,
  pointer: string,
  written: Partial<Record<Field, unknown>>,
  fields: readonly Field[],
): boolean {
  const found = fields.filter((field) => written[field] !== undefined);
  if (found.length === 1) return true;
  const [last = "", ...others] = [...fields].reverse();
  const words = `${others.reverse().join(", ")} and ${last}`;
  const said: Said =
    found.length === 0
      ? { code: "missing-field", message: `this lacks one of ${words}` }
      : {
          code: "conflicting-fields",
          message: `this has ${found.join(" and ")} at once: it takes one of ${words}`,
        };
  refuse(reading, found[1] === undefined ? pointer : `${pointer}/${found[1]}`, said);
  return false;
}

function readWho(
  reading: PolicyReading,
  pointer: string,
  { subjects, except }: { readonly subjects?: readonly string[]; readonly except?: readonly string[] },
  exceptMistake = subjectMistake,
): Who {
  return {
    subjects: readGlobs(reading, `${pointer}/subjects`, subjects ?? ["**"], subjectMistake),
    except: readGlobs(reading, `${pointer}/except`, except ?? [], exceptMistake),
  };
}

function readPower(
  reading: PolicyReading,
  pointer: string,
  { privileges, paths }: { readonly privileges: readonly string[]; readonly paths?: readonly string[] },
): Power {
  return {
    privileges: readGlobs(reading, `${pointer}/privileges`, privileges, privilegeMistake),
    paths: readGlobs(reading, `${pointer}/paths`, paths ?? ["/**"], pathMistake),
  };
}

const requirements = ["privilegeSeparation", "expireWithin", "comment", "entrySubjects"] as const;

function readRequire(
  reading: PolicyReading,
  pointer: string,
  written: WrittenRequirement,
  ruling: Pick<PolicyRule, "name" | "message" | "severity" | "source">,
): PolicyRule | undefined {
  if (!hasOneOf(reading, pointer, written, requirements)) return undefined;
  refuseUnclearFields(reading, pointer, written);
  const ofTokens = written.privilegeSeparation === true;
  const who = readWho(reading, pointer, written, ofTokens ? tokenMistake : subjectMistake);
  const requirement = readRequirement(reading, pointer, written);
  return requirement && { kind: "require", ...ruling, ...who, requirement };
}

function refuseUnclearFields(reading: PolicyReading, pointer: string, written: WrittenRequirement): void {
  if (written.paths !== undefined && written.entrySubjects === undefined) {
    const message = "paths belong to entrySubjects: nothing else that is required stands on a path";
    refuse(reading, `${pointer}/paths`, { code: "conflicting-fields", message });
  }
  const [field] = (["expireWithin", "comment"] as const).filter((name) => written[name] !== undefined);
  if (field === undefined || written.subjects !== undefined) return;
  const message = `${field} needs subjects: of whom it is required`;
  const hint = field === "comment" ? "as [user:**, group:**, token:**]" : "as [token:**]";
  refuse(reading, pointer, { code: "missing-field", message, hint });
}

function readRequirement(
  reading: PolicyReading,
  pointer: string,
  { expireWithin, comment, entrySubjects, paths = ["/**"] }: WrittenRequirement,
): Requirement | undefined {
  if (comment !== undefined) return { kind: "comment", globs: comment };
  if (entrySubjects !== undefined) {
    const globs = readGlobs(reading, `${pointer}/paths`, paths, pathMistake);
    return { kind: "entry-subjects", kinds: entrySubjects, paths: globs };
  }
  if (expireWithin === undefined) return { kind: "privilege-separation" };
  const seconds = parseSpanSeconds(expireWithin);
  if (seconds.ok) return { kind: "expire-within", seconds: seconds.value, words: expireWithin };
  const message = `${quoted(expireWithin)} ${seconds.problem}`;
  refuse(reading, `${pointer}/expireWithin`, { code: "invalid-value", message });
  return undefined;
}
