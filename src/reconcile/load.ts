// A snapshot → what it wants of every target, or every mistake in it.

import { createHash } from "node:crypto";
import { buildDesired } from "../desired/build.ts";
import { hasErrors, sortedDiagnostics, type Diagnostic } from "../manifest/diagnostic.ts";
import { manifestsFrom } from "../manifest/read-manifests.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Wanted {
  readonly desired: DesiredOverTime;
  /** Equal where two desired states are, wherever they stand in the files. */
  readonly fingerprint: string;
}

export interface Loaded {
  /** Of every target, by name; undefined where the manifests have a mistake: half of them would delete the other half. */
  readonly wanted: readonly Wanted[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A loader for `--target`; all targets where undefined. */
export function createLoader(targets: readonly string[] | undefined): (read: Snapshot["read"]) => Loaded {
  return (files) => {
    const read = manifestsFrom(files);
    const built = buildDesired(read.manifests, { unread: read.unread, ...(targets && { targets }) });
    const diagnostics = sortedDiagnostics([...read.diagnostics, ...built.diagnostics]);
    if (hasErrors(diagnostics)) return { wanted: undefined, diagnostics };
    const wanted = built.states.map((desired) => ({ desired, fingerprint: fingerprintOf(desired) }));
    return { wanted, diagnostics };
  };
}

function fingerprintOf(desired: DesiredOverTime): string {
  return createHash("sha256").update(JSON.stringify(desired, withoutPlaces)).digest("hex");
}

function withoutPlaces(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value.entries()] as unknown[];
  if (value instanceof Set) return [...value.values()] as unknown[];
  const isPlace = typeof value === "object" && value !== null && "line" in value && "column" in value;
  return isPlace ? undefined : value;
}
