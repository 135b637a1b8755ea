import { didYouMean, warningAt } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { Policy } from "../model/policy.ts";
import { sortedBy } from "../support/compare.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { Assembly } from "./assembly.ts";
import type { PolicyDeclaration } from "./declaration.ts";

/** Sorted by name. */
export function assemblePolicies(assembly: Assembly): readonly Policy[] {
  const { policies } = assembly.objects;
  for (const declaration of policies.values()) warnOfUnknownGroups(assembly, declaration);
  return sortedBy(policies.values(), ({ policy }) => policy.name).map(({ policy }) => policy);
}

/** A group may be live, so that only a server can say that it is missing; but a near name is seldom meant. */
function warnOfUnknownGroups({ target, report, objects }: Assembly, { manifest }: PolicyDeclaration): void {
  const known: ReadonlySet<string> = new Set(objects.groups.keys());
  for (const { pointer, glob } of globsOfSubjects(manifest)) {
    const [, name] = /^group:([^*]+)$/u.exec(glob) ?? [];
    const near = name === undefined || known.has(name) ? undefined : nearest(name, known);
    if (near === undefined) continue;
    const message = `no manifest declares ${quoted(glob)} for target ${target.name}`;
    const hint = didYouMean(`group:${near}`);
    report(warningAt(manifest.locate(pointer), { code: "unknown-subject", message, hint }));
  }
}

interface WrittenGlob {
  readonly pointer: string;
  readonly glob: string;
}

function globsOfSubjects({ document }: ManifestOf<"Policy">): readonly WrittenGlob[] {
  const lists = document.spec.rules.flatMap((rule, index) =>
    (["deny", "require", "separate"] as const).flatMap((kind) =>
      (["subjects", "except"] as const).map((field) => ({
        pointer: `/spec/rules/${index}/${kind}/${field}`,
        globs: rule[kind]?.[field] ?? [],
      })),
    ),
  );
  return lists.flatMap(({ pointer, globs }) =>
    globs.map((glob, index) => ({ pointer: `${pointer}/${index}`, glob })),
  );
}
