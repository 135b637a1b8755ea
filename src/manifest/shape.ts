import { checkDocument, type SchemaMistake } from "../schema/check.ts";
import { apiVersion } from "../schema/common.ts";
import { isManifestKind, schemas, type DocumentOf, type ManifestKind } from "../schema/kinds.ts";
import { pointerStep } from "../support/pointer.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { didYouMean, errorAt, type Diagnostic, type Said } from "./diagnostic.ts";
import type { Locate, Manifest } from "./manifest.ts";
import { soundPart } from "./sound-part.ts";
import { valueOf, type Tree } from "./tree.ts";
import { listed, wordMistake, type Worded } from "./words.ts";
import { isRecord } from "../support/is-record.ts";

/** A manifest, or everything in which a document is not what its kind's schema says, and what is left without that. */
export type Shaped =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly part?: Manifest };

interface Written {
  readonly value: Readonly<Record<string, unknown>>;
  readonly locate: Locate;
  readonly folder: string;
}

export function shapeDocument(tree: Tree, locate: Locate, folder: string): Shaped {
  const value = valueOf(tree);
  if (!isRecord(value))
    return refused(locate, "", { code: "not-a-manifest", message: "a manifest is a mapping" });
  const version = versionMistake(value["apiVersion"]);
  if (version !== undefined) return refused(locate, "/apiVersion", version);
  const kind = value["kind"];
  if (typeof kind !== "string") {
    return refused(locate, "/kind", {
      code: "not-a-manifest",
      message: "a manifest needs a kind",
      hint: kindsHint(),
    });
  }
  if (!isManifestKind(kind)) return refused(locate, "/kind", unknownKind(kind));
  return shapeKind(kind, { value, locate, folder });
}

function refused(locate: Locate, pointer: string, said: Said): Shaped {
  return { ok: false, diagnostics: [errorAt(locate(pointer), said)] };
}

function versionMistake(version: unknown): Said | undefined {
  if (version === apiVersion) return undefined;
  const hint = `write apiVersion: ${apiVersion}; what is not Rolecall's belongs in another folder`;
  if (version === undefined)
    return { code: "not-a-manifest", message: "a manifest needs an apiVersion", hint };
  const words = typeof version === "string" ? `apiVersion ${quoted(version)}` : "this apiVersion";
  return { code: "unknown-api-version", message: `${words} is not known`, hint };
}

function unknownKind(kind: string): Said {
  const near = nearest(kind, Object.keys(schemas));
  return {
    code: "unknown-kind",
    message: `kind ${quoted(kind)} is not known`,
    hint: didYouMean(near) ?? kindsHint(),
  };
}

function kindsHint(): string {
  return `one of ${listed(Object.keys(schemas))}`;
}

function shapeKind(kind: ManifestKind, written: Written): Shaped {
  const { value, locate } = written;
  const checked = checkDocument(kind, value);
  const worded = checked.ok
    ? []
    : withoutEchoes(checked.mistakes.map((mistake) => wordMistake(kind, mistake)));
  const said = [...worded, ...annotationMistakes(kind, value["metadata"])];
  if (!checked.ok || said.length > 0) {
    const diagnostics = said.map((one) => errorAt(locate(one.pointer, one.part), one));
    const part = partOf(kind, written, checked.ok ? [] : checked.mistakes);
    return { ok: false, diagnostics, ...(part && { part }) };
  }
  return { ok: true, manifest: manifestFrom(kind, checked.document, written) };
}

function manifestFrom<Kind extends ManifestKind>(
  kind: Kind,
  document: DocumentOf[Kind],
  { locate, folder }: Written,
): Manifest {
  const { name } = document.metadata;
  const place = locate.place("/metadata/name");
  // Proof: the document was checked against the schema of this kind; the union cannot say that the two belong together.
  return { kind, name, document, folder, place, locate } as Manifest;
}

/** All other manifests are judged by a Target: by half of one they would have mistakes that are none. */
function partOf(
  kind: ManifestKind,
  written: Written,
  mistakes: readonly SchemaMistake[],
): Manifest | undefined {
  const sound = kind === "Target" ? undefined : soundPart(written.value, mistakes);
  const checked = sound && checkDocument(kind, sound);
  return checked?.ok === true
    ? { ...manifestFrom(kind, checked.document, written), isPart: true }
    : undefined;
}

/** `grup` in place of `group` is one mistake: the misspelt field says it, the missing one would repeat it. */
function withoutEchoes(worded: readonly Worded[]): Worded[] {
  const explained = new Set(
    worded.flatMap(({ code, pointer, hint }) => {
      const parent = pointer.slice(0, pointer.lastIndexOf("/"));
      return code === "unknown-field" && hint !== undefined ? [`${parent} ${hint}`] : [];
    }),
  );
  return worded.filter(({ code, pointer, missing }) => {
    if (code !== "missing-field" || missing === undefined) return true;
    return !explained.has(`${pointer} ${didYouMean(missing) ?? ""}`);
  });
}

const reconcile = "rolecall.dev/reconcile";
const approve = "rolecall.dev/approve";

/** Our own annotations decide what is written, so that a slip in one is as bad as one in a field. */
function annotationMistakes(kind: string, metadata: unknown): Worded[] {
  const annotations = isRecord(metadata) ? metadata["annotations"] : undefined;
  if (!isRecord(annotations)) return [];
  return Object.entries(annotations).flatMap(([name, value]) => {
    const said = name.startsWith("rolecall.dev/") ? annotationMistake(kind, name, value) : undefined;
    return said
      ? [{ ...said, pointer: `/metadata/annotations${pointerStep(name)}`, part: "key" as const }]
      : [];
  });
}

const misplacedApproval: Said = {
  code: "invalid-value",
  message: `the annotation ${approve} is for a Target`,
  hint: "what guards a change is not part of it: put it on the Target",
};

function annotationMistake(kind: string, name: string, value: unknown): Said | undefined {
  if (name === approve) return kind === "Target" ? undefined : misplacedApproval;
  if (name !== reconcile) {
    const hint = didYouMean(nearest(name, kind === "Target" ? [approve] : [reconcile]));
    return { code: "unknown-field", message: `the annotation ${quoted(name)} is not known`, hint };
  }
  if (kind === "Target" || kind === "Policy") {
    const message = `the annotation ${reconcile} is for objects`;
    const hint =
      kind === "Target" ? "suspend a Target with spec.suspend: true" : "make its rules severity: warning";
    return { code: "invalid-value", message, hint };
  }
  if (value === "disabled") return undefined;
  return {
    code: "invalid-value",
    message: `${reconcile} must be disabled`,
    hint: "or leave the annotation out",
  };
}
