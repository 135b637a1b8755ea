import { errorAt, sortedDiagnostics, type Diagnostic } from "./diagnostic.ts";
import { createLocate, createLocator } from "./locate.ts";
import type { Manifest, ManifestsRead } from "./manifest.ts";
import { secretRangesOfText } from "./mask-text.ts";
import { parseDocuments } from "./parse.ts";
import type { FilesRead } from "./read.ts";
import { shapeDocument, type Shaped } from "./shape.ts";
import type { SourceFile } from "./source-file.ts";
import type { Range } from "./tree.ts";

/** Checks everything that was read. Never throws for what stands in a file. */
export function manifestsFrom(read: {
  readonly filenames: FilesRead;
  readonly config?: FilesRead;
}): ManifestsRead {
  const config = read.config && manifestsIn(read.config);
  const others = manifestsIn(read.filenames);
  if (config === undefined) return { ...others, diagnostics: sortedDiagnostics(others.diagnostics) };
  const misplaced = [
    ...others.manifests.filter(isGuard).map((manifest) => guardAmongManifests(manifest)),
    ...config.manifests.filter((one) => !isGuard(one)).map((manifest) => objectInConfig(manifest)),
  ];
  return {
    manifests: [...config.manifests.filter(isGuard), ...others.manifests.filter((one) => !isGuard(one))],
    diagnostics: sortedDiagnostics([...config.diagnostics, ...others.diagnostics, ...misplaced]),
    unread: config.unread + others.unread + misplaced.length,
  };
}

/** What guards the manifests must not come with them. */
function isGuard({ kind }: Manifest): boolean {
  return kind === "Target" || kind === "Policy";
}

function guardAmongManifests(manifest: Manifest): Diagnostic {
  const message = `with --config, a ${manifest.kind} is read from there only`;
  return errorAt(manifest.locate("/kind"), {
    code: "misplaced",
    message,
    hint: "move it to the --config folder",
  });
}

function objectInConfig(manifest: Manifest): Diagnostic {
  const message = `--config holds what guards the manifests, not a ${manifest.kind}`;
  return errorAt(manifest.locate("/kind"), {
    code: "misplaced",
    message,
    hint: "move it to the manifests (-f)",
  });
}

function manifestsIn(read: FilesRead): ManifestsRead {
  const shaped = read.files.flatMap(documentsOf);
  const refused = shaped.filter((one) => !one.ok);
  return {
    manifests: shaped.flatMap((one) => (one.ok ? one.manifest : (one.part ?? []))),
    diagnostics: [...read.diagnostics, ...refused.flatMap(({ diagnostics }) => diagnostics)],
    unread: read.diagnostics.length + refused.length,
  };
}

function documentsOf(file: SourceFile): Shaped[] {
  const locator = createLocator(file);
  let secrets: readonly Range[] | undefined;
  return parseDocuments(file.text).map((document) => {
    if ("tree" in document) {
      return shapeDocument(document.tree, createLocate(document.tree, locator), file.folder);
    }
    const hidden = (secrets ??= secretRangesOfText(file.text));
    return {
      ok: false,
      diagnostics: document.mistakes.map((one) => errorAt(locator.spanOf(one, hidden), one)),
    };
  });
}
