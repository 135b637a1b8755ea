import {
  didYouMean,
  errorAt,
  spanOfFile,
  wordPlace,
  type Diagnostic,
  type Span,
} from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import { listed } from "../manifest/words.ts";
import { compareText, sortedBy } from "../support/compare.ts";
import { charactersOf, printableInPlace, quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { products } from "./products.ts";
import { readTarget } from "./read-target.ts";
import type { Report } from "./reading.ts";
import type { Selectable, TargetList } from "./select-targets.ts";

type TargetManifest = ManifestOf<"Target">;

/** The targets, by name; the second one of a name and those of unsupported products are reported and left out. */
export function listTargets(
  manifests: readonly TargetManifest[],
  isWhole: boolean,
  report: Report,
): TargetList {
  const byName = new Map<string, TargetManifest>();
  for (const manifest of manifests) {
    const first = byName.get(manifest.name);
    if (first === undefined) byName.set(manifest.name, manifest);
    else reportDuplicate(first, manifest, report);
  }
  const selectable = sortedBy(byName, ([name]) => name).flatMap(([, manifest]) =>
    selectableFrom(manifest, report),
  );
  return { selectable, names: new Set([...byName.keys()].sort(compareText)), isWhole };
}

function reportDuplicate(first: TargetManifest, second: TargetManifest, report: Report): void {
  const related = first.place;
  const message = `Target ${second.name} is declared at ${wordPlace(related)} already`;
  report(errorAt(second.locate("/metadata/name"), { code: "duplicate-object", message, related }));
}

function selectableFrom(manifest: TargetManifest, report: Report): Selectable[] {
  const { product: name } = manifest.document.spec;
  const product = products[name];
  if (product !== undefined) return [{ target: readTarget({ manifest, product, report }), product }];
  const message = `product ${name} is not supported yet`;
  const hint = "a later release brings it";
  report(errorAt(manifest.locate("/spec/product"), { code: "unsupported", message, hint }));
  return [];
}

/** Where there is no target, or none of a name that was asked for. */
export function targetMistakes(
  { names, isWhole }: TargetList,
  asked: readonly string[],
  file: string,
): Diagnostic[] {
  if (!isWhole) return [];
  if (names.size === 0) {
    const hint = "declare the server as kind Target, or name its folder with --config";
    const message = "no Target says which server this is for";
    return [errorAt(spanOfFile(file), { code: "no-target", message, hint })];
  }
  return asked
    .filter((name) => !names.has(name))
    .map((name) => {
      const hint = didYouMean(nearest(name, names)) ?? `declared are ${listed([...names], "and")}`;
      const message = `there is no target ${quoted(name)}`;
      return errorAt(spanOfOption(name), { code: "unknown-target", message, hint });
    });
}

/** What was asked for stands in no file, but can be shown as if it did. */
function spanOfOption(name: string): Span {
  const [option, value] = ["--target ", charactersOf(printableInPlace(name)).slice(0, 80)];
  return {
    place: { file: "command line", line: 1, column: option.length + 1 },
    excerpt: option + value.join(""),
    caret: option.length,
    width: Math.max(1, value.length),
  };
}
