// Manifests → the desired state of every target, or everything that is wrong with them.

import { buildDesired } from "../desired/build.ts";
import { hasErrors, sortedDiagnostics, type Diagnostic } from "../manifest/diagnostic.ts";
import { manifestsFrom } from "../manifest/read-manifests.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { readOnce } from "../reconcile/snapshot.ts";
import { renderDiagnosticsMarkdown } from "../render/diagnostics-markdown.ts";
import { renderDiagnostics, renderDiagnosticsJson } from "../render/diagnostics.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { ManifestOptions, OutputOptions } from "./options.ts";
import type { Process } from "./process.ts";
import { paletteFor } from "./terminal.ts";

export interface Loaded {
  readonly states: readonly DesiredOverTime[];
  readonly diagnostics: readonly Diagnostic[];
  readonly isValid: boolean;
  /** How many documents could be read. */
  readonly documents: number;
  /** `sha256:…` of what was read. */
  readonly digest: string;
}

/** With an instant, what is over since long ago is told as well. */
export async function loadDesired(
  process: Process,
  options: ManifestOptions & { readonly target?: readonly string[] },
  nowSeconds?: number,
): Promise<Loaded> {
  const paths = {
    filenames: options.filename,
    ...(options.config !== undefined && { config: options.config }),
  };
  const once = await readOnce(paths, () => readAll(process.stdin));
  const read = manifestsFrom(once.read);
  const built = buildDesired(read.manifests, {
    unread: read.unread,
    ...(options.target && { targets: options.target }),
    ...(nowSeconds !== undefined && { nowSeconds }),
  });
  const diagnostics = sortedDiagnostics([...read.diagnostics, ...built.diagnostics]);
  return {
    states: built.states,
    diagnostics,
    isValid: !hasErrors(diagnostics),
    documents: read.manifests.length,
    digest: once.digest,
  };
}

export function wordDiagnostics(
  diagnostics: readonly Diagnostic[],
  process: Process,
  { output, color }: OutputOptions,
): string {
  if (output === "json") return renderDiagnosticsJson(diagnostics);
  if (output === "markdown") return renderDiagnosticsMarkdown(diagnostics);
  return renderDiagnostics(diagnostics, paletteFor(process, color));
}

/** No more than one file may hold, and only text: what is cut off or garbled could mean deletions. */
const maximumInputBytes = 8 * 1024 * 1024;

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    bytes += buffer.length;
    if (bytes > maximumInputBytes) throw new Failure("standard input is over 8 MiB", exitStatus.error);
    chunks.push(buffer);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new Failure("standard input is not UTF-8 text", exitStatus.error, undefined, { cause: error });
  }
}
