import type { Place } from "../support/place.ts";
import { pointerSteps } from "../support/pointer.ts";
import type { Span } from "./diagnostic.ts";
import type { Locate } from "./manifest.ts";
import { lineStarts, placeIn, spanIn } from "./excerpt.ts";
import { secretRanges } from "./mask.ts";
import type { SourceFile } from "./source-file.ts";
import { childAt, resolved, type Range, type Tree } from "./tree.ts";

/** Turns offsets of one file's text into spans. Lines are counted when the first place is asked for. */
export interface Locator {
  placeOf(range: Range): Place;
  spanOf(range: Range, secrets: readonly Range[]): Span;
}

export function createLocator(file: SourceFile): Locator {
  let counted: readonly number[] | undefined;
  const starts = (): readonly number[] => (counted ??= lineStarts(file.text));
  return {
    placeOf: (range) => placeIn(file, starts(), range),
    spanOf: (range, secrets) => spanIn(file, starts(), range, secrets),
  };
}

export function createLocate(tree: Tree, locator: Locator): Locate {
  let secrets: readonly Range[] | undefined;
  const locate = (pointer: string, part: "value" | "key" = "value"): Span => {
    secrets ??= secretRanges(tree);
    return locator.spanOf(rangeAt(tree, pointer, part), secrets);
  };
  return Object.assign(locate, {
    place: (pointer: string) => locator.placeOf(rangeAt(tree, pointer, "value")),
  });
}

/** A scalar is shown by itself, a whole mapping or sequence by the key that leads to it or by its first line. */
function rangeAt(tree: Tree, pointer: string, part: "value" | "key"): Range {
  let here: { readonly value: Tree; readonly key?: Range } = { value: tree };
  let complete = true;
  for (const step of pointerSteps(pointer)) {
    const below = childAt(here.value, step);
    if (below === undefined) {
      complete = false;
      break;
    }
    here = below;
  }
  const isWhole = here.value.kind === "mapping" || here.value.kind === "sequence";
  if (here.key !== undefined && (!complete || part === "key" || isWhole || isNothing(here.value)))
    return here.key;
  return isWhole ? firstIn(here.value) : here.value;
}

function isNothing({ start, end }: Range): boolean {
  return start === end;
}

function firstIn(tree: Tree): Range {
  const plain = resolved(tree);
  const first = plain.kind === "mapping" ? [...plain.entries.values()][0] : undefined;
  return first?.key ?? tree;
}
