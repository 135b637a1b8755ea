import { buildDesired, type BuildOptions, type Built } from "../../src/desired/build.ts";
import type { Diagnostic } from "../../src/manifest/diagnostic.ts";
import type { ManifestsRead } from "../../src/manifest/manifest.ts";
import { manifestsFrom } from "../../src/manifest/read-manifests.ts";
import type { FilesRead } from "../../src/manifest/read.ts";

/** Files in memory, by name. */
export type Texts = Readonly<Record<string, string>>;

function filesOf(texts: Texts): FilesRead {
  const files = Object.entries(texts).map(([name, text]) => ({ name, folder: "folder", text }));
  return { files, diagnostics: [] };
}

export function readTexts(texts: Texts, config?: Texts): ManifestsRead {
  return manifestsFrom({ filenames: filesOf(texts), ...(config && { config: filesOf(config) }) });
}

/** A manifest as text: flow style, so that a table's row holds one. */
export function manifestText(kind: string, name: string, spec = "{}", metadata = ""): string {
  const head = `apiVersion: rolecall.dev/v1\nkind: ${kind}\n`;
  return `${head}metadata: { name: "${name}"${metadata} }\nspec: ${spec}\n`;
}

const targetSpec =
  "{ product: pve, endpoints: [https://pve1.example:8006], prune: true, credentials: { token: { id: rolecall@pve!gitops, secret: { env: TOKEN } } } }";

export function targetText(name = "dc1", more = "", metadata = ""): string {
  return manifestText("Target", name, targetSpec.replace(/ \}$/u, `${more} }`), metadata);
}

/** Documents beside one target named dc1, in one file `a.yaml`: the target is in `target.yaml`. */
export function buildTexts(
  documents: readonly string[],
  options: BuildOptions & { readonly target?: string } = {},
): Built {
  const { target = targetText(), ...rest } = options;
  return buildFiles({ "a.yaml": documents.join("---\n"), "target.yaml": target }, rest);
}

/** What reading and building say together. */
export function buildFiles(texts: Texts, options: BuildOptions = {}): Built {
  const read = readTexts(texts);
  const built = buildDesired(read.manifests, { ...options, unread: read.unread });
  return { states: built.states, diagnostics: [...read.diagnostics, ...built.diagnostics] };
}

/** The line that a diagnostic points at, with what stands above the carets. */
export function marked({ excerpt, caret, width }: Diagnostic): string {
  return Array.from(excerpt)
    .slice(caret, caret + width)
    .join("");
}

/** `code@marked text` of each diagnostic. */
export function summary(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((diagnostic) => `${diagnostic.code}@${marked(diagnostic)}`);
}
